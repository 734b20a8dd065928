"""Phone numbers as people write them, and as they are kept: E.164 (ITU-T), like +14165550132."""

from collections.abc import Iterable

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
    region_code_for_number,
)


def read_phone(typed: str, countries: Iterable[str]) -> str:
    """E.164, by the first of the countries (ISO 3166) in which it is a number; one with + needs none.

    Raises ValueError.
    """
    for country in [*countries, None]:
        number = _parsed(typed, country)
        if number and is_valid_number(number):
            return format_number(number, PhoneNumberFormat.E164)
    raise ValueError("not a phone number")


def say_phone(kept: str, country: str | None = None) -> str:
    """As it is dialled in that country, and from abroad for any other. What was never a number stays as it is."""
    number = _parsed(kept, None)
    if number is None or not is_valid_number(number):
        return kept
    at_home = region_code_for_number(number) == country
    return format_number(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


def _parsed(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return parse(text, country)
    except NumberParseException:
        return None
