"""Phone numbers as people write them, and as they are kept: E.164 (ITU-T), like +14165550132."""

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup
from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    PhoneNumberType,
    format_number,
    is_valid_number,
    number_type,
    parse,
    region_code_for_number,
)

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


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
    number = None if isinstance(kept, Markup) else _parsed(kept, None)  # markup: what a page says in place of one
    if number is None or not is_valid_number(number):
        return kept
    at_home = region_code_for_number(number) == country
    return format_number(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=4096)
def takes_sms(kept: str) -> str | None:
    """The country (ISO 3166) of a number that can take SMS by its country's plan; None for any other."""
    number = _parsed(kept, None)
    if number is None or not is_valid_number(number) or number_type(number) not in _MOBILE:
        return None
    return region_code_for_number(number)


def _parsed(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return parse(text, country)
    except NumberParseException:
        return None
