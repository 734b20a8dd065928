"""The words for what a practice's address cannot be."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.page.slug import LONGEST, SHORTEST
from tenants.refusals import Refusal


def _slug_taken(refusal: refusals.SlugTaken, words: Words, _: Formats) -> str:
    return words.gettext("The address “%(slug)s” belongs to another practice, or did.", slug=refusal.slug)


def _slug_unusable(_: refusals.SlugUnusable, words: Words, __: Formats) -> str:
    return words.gettext(
        "Please use %(least)s to %(most)s small letters without accents, digits, and single hyphens between them.",
        least=SHORTEST,
        most=LONGEST,
    )


def _slug_reserved(refusal: refusals.SlugReserved, words: Words, _: Formats) -> str:
    return words.gettext("The address “%(slug)s” would be taken for a page of Carnet’s own.", slug=refusal.slug)


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.SlugTaken: _slug_taken,
    refusals.SlugUnusable: _slug_unusable,
    refusals.SlugReserved: _slug_reserved,
}
