"""Refusals about a practice's page → words."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.web.tones import told
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


def _accent_too_pale(refusal: refusals.AccentTooPale, words: Words, formats: Formats) -> str:
    return words.gettext(
        "White letters on it reach a contrast of %(ratio)s : 1, and 4.5 : 1 is needed. The nearest shade on which they"
        " can be read is %(nearest)s.",
        ratio=formats.number(told(refusal.ratio)),
        nearest=refusal.nearest,
    )


def _language_missing(_: refusals.LanguageMissing, words: Words, __: Formats) -> str:
    return words.gettext("Please choose at least one language.")


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.SlugTaken: _slug_taken,
    refusals.SlugUnusable: _slug_unusable,
    refusals.SlugReserved: _slug_reserved,
    refusals.AccentTooPale: _accent_too_pale,
    refusals.LanguageMissing: _language_missing,
}
