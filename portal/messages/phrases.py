"""Refusals of rules and texts → words."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _too_many_rules(refusal: refusals.TooManyRules, words: Words, _: Formats) -> str:
    return words.gettext("A practice has %(most)s reminders at most. End one first.", most=refusal.most)


def _text_missing(_: refusals.TextMissing, words: Words, __: Formats) -> str:
    return words.gettext("Please write this text in each language of your practice.")


def _unknown_placeholder(refusal: refusals.UnknownPlaceholder, words: Words, _: Formats) -> str:
    return words.gettext("There is nothing called {%(name)s} to fill in.", name=refusal.name)


def _broken_placeholder(_: refusals.BrokenPlaceholder, words: Words, __: Formats) -> str:
    return words.gettext("A brace is left open. What is filled in is written like {day}; a plain brace is typed twice.")


def _link_missing(_: refusals.LinkMissing, words: Words, __: Formats) -> str:
    return words.gettext("Without {link} nobody can answer. Please put it where the link should stand.")


def _sms_off_by_practice(_: refusals.SmsOffByPractice, words: Words, __: Formats) -> str:
    return words.gettext("The practice itself has turned SMS to you off. Please ask it to turn them on again.")


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.TooManyRules: _too_many_rules,
    refusals.TextMissing: _text_missing,
    refusals.UnknownPlaceholder: _unknown_placeholder,
    refusals.BrokenPlaceholder: _broken_placeholder,
    refusals.LinkMissing: _link_missing,
    refusals.SmsOffByPractice: _sms_off_by_practice,
}
