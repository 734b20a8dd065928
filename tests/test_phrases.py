"""Each refusal has words, in each language."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from portal.languages.formats import Formats
from portal.languages.words import offered_languages
from portal.people import refusals as people
from portal.phrases import PHRASES, phrase
from tenants import refusals
from tenants.refusals import Refusal

STARTS = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "what": "service",
    "ref": "abcde23456",
    "starts_at": STARTS,
    "deadline": STARTS,
    "until": STARTS,
    "undone_at": STARTS,
    "cancelled_at": STARTS,
    "approve_by": STARTS,
    "how": "accepted",
    "by": "nora@harbour.example",
    "at": STARTS,
    "next_free": (),
    "minimum_notice": timedelta(hours=2),
    "horizon": timedelta(days=90),
    "limit": 2,
    "most": 20,
    "appointments": 1,
    "weekday": 0,
    "tries_left": 2,
    "again_at": STARTS,
    "email": "Ana@example.org",
    "emails": ("ana@example.org",),
    "megabytes": 10,
    "megapixels": 40,
    "name": "diagnosis",
    "kind": "treatment room",
    "others": (("Ana Silva", STARTS, STARTS + timedelta(hours=1)),),
    "may_overbook": False,
    "why": "outside_hours",
    "slug": "harbour",
    "free": ("harbour-2",),
    "line": 7,
    "services": ("Massage", "Follow-up"),
    "days": (date(2026, 11, 23),),
    "last_day": date(2026, 11, 23),
    "expired_at": STARTS,
    "ratio": 2.349,
    "nearest": "#9e6d00",
}


def every_refusal() -> list[type[Refusal]]:
    named = (getattr(room, name) for room in (refusals, people) for name in dir(room))
    kinds = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Refusal)} - {Refusal}
    return sorted(kinds, key=lambda kind: kind.__name__)


def example(kind: type[Refusal]) -> Refusal:
    return kind(**{each.name: FACTS[each.name] for each in fields(kind)})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", offered_languages())
@pytest.mark.parametrize("kind", every_refusal(), ids=lambda kind: kind.__name__)
def test_refusal_has_whole_sentences(kind: type[Refusal], language: str) -> None:
    formats = Formats(Locale.parse(language), ZoneInfo("America/Toronto"))

    said = phrase(example(kind), formats)

    assert re.fullmatch(r"[A-ZÀ-Ý0-9].*\.", said)


def test_no_words_are_kept_for_refusals_that_are_gone() -> None:
    assert set(PHRASES) == set(every_refusal())


def test_slot_taken_tells_the_time_in_the_reader_s_formats() -> None:
    formats = Formats(Locale("en", "CA"), ZoneInfo("America/Toronto"), "iso", "24h")

    said = phrase(refusals.SlotTaken(STARTS), formats)

    assert said == "The time you chose, Monday 2026-11-23 at 10:00, has just been taken. Please choose another."


def test_long_lengths_are_counted_in_days() -> None:
    formats = Formats(Locale("en", "CA"), ZoneInfo("America/Toronto"))

    said = phrase(refusals.BookedTooEarly(STARTS, timedelta(days=90)), formats)

    assert said == "This practice takes bookings up to 90 days ahead. Please choose an earlier time."
