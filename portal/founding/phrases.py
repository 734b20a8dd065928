"""The words for what stands in the way of a new practice."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _page_address_taken(refusal: refusals.PageAddressTaken, words: Words, _: Formats) -> str:
    if not refusal.free:
        return words.gettext("“%(slug)s” belongs to another practice. Please choose another.", slug=refusal.slug)
    return words.gettext(
        "“%(slug)s” belongs to another practice. Free are: %(free)s.",
        slug=refusal.slug,
        free=", ".join(refusal.free),
    )


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.PageAddressTaken: _page_address_taken,
}
