"""What the calendar draws, as data."""

from datetime import UTC, date, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import Transaction
from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert

TUESDAY = "from=2026-11-24&until=2026-11-25"


async def feed(browser: Browser, query: str = TUESDAY) -> Any:
    answer = await browser.get(f"/desk/harbour/calendar.json?{query}")
    assert answer.status_code == 200
    return answer.json()


async def test_feed_tells_everything_of_an_appointment(nora: Browser, cast: Cast) -> None:
    harbour, meadow = cast.harbour, cast.meadow
    starts_at = harbour.at(2026, 11, 24, 9)
    made = await harbour.appointment(
        ANA, "First visit", "Nora Blake", starts_at, confirmed_at=MONDAY, confirmed_by="client", sequence=3
    )
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 0))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 23, 23, 30))
    await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 24, 15))

    told = await feed(nora)

    assert told["appointments"] == [
        {
            "ref": made["ref"],
            "sequence": 3,
            "start": "2026-11-24T09:00",
            "end": "2026-11-24T10:00",
            "at": int(starts_at.timestamp()),
            "until": int(starts_at.timestamp()) + 3600,
            "client": "Ana Silva",
            "service": "First visit",
            "tone": 1,
            "practitioner": harbour.practitioners["Nora Blake"]["ref"],
            "place": harbour.places["Harbour House"]["ref"],
            "state": "confirmed",
            "after": 15,
        }
    ]


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, "booked"),
        ({"confirmed_at": MONDAY, "confirmed_by": "client"}, "confirmed"),
        ({"confirmed_at": MONDAY, "confirmed_by": "client", "arrived_at": MONDAY}, "arrived"),
        ({"arrived_at": MONDAY, "completed_at": MONDAY}, "completed"),
        ({"confirmed_at": MONDAY, "confirmed_by": "client", "no_show_at": MONDAY}, "missed"),
        (
            {"confirmed_at": MONDAY, "confirmed_by": "client", "cancelled_at": MONDAY, "cancelled_by": "staff"},
            "cancelled",
        ),
    ],
)
async def test_state_is_the_last_thing_that_happened(
    nora: Browser, cast: Cast, facts: dict[str, Any], state: str
) -> None:
    at = cast.harbour.at(2026, 11, 24, 9)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at, **facts)

    assert [row["state"] for row in (await feed(nora))["appointments"]] == [state]


async def test_what_goes_on_since_the_evening_before_is_told(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "First visit", "Nora Blake", harbour.at(2026, 11, 23, 23, 30))
    await harbour.appointment(BEN, "First visit", "Theo Roy", harbour.at(2026, 11, 23, 23))

    assert [row["client"] for row in (await feed(nora))["appointments"]] == ["Ana Silva"]


async def test_feed_tells_of_series_and_overbooking(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    at = harbour.at(2026, 11, 24, 9)
    series = await insert(
        owner,
        "series",
        tenant_id=harbour.tenant.id,
        ref="aseries",
        every_weeks=1,
        by_email="nora@harbour.example",
        created_at=MONDAY,
    )
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", at, series_id=series["id"])
    over = await harbour.appointment(BEN, "Follow-up", "Nora Blake", at + timedelta(hours=1))
    await owner.execute(
        "UPDATE appointment SET shares = tstzmultirange(tstzrange(blocked_from, blocked_until)) WHERE id = $1",
        over["id"],
    )

    told = (await feed(nora))["appointments"]

    assert [(row.get("series", False), row.get("overbooked", False)) for row in told] == [(True, False), (False, True)]


async def test_holds_closures_and_hours_stand_beside(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour, meadow = cast.harbour, cast.meadow
    theo, house = harbour.practitioners["Theo Roy"], harbour.places["Harbour House"]
    await closed(owner, cast, harbour.at(2026, 11, 24, 12), practitioner_id=theo["id"], reason="Dentist")
    await closed(owner, cast, harbour.at(2026, 11, 25, 12))
    await insert(
        owner,
        "closure",
        tenant_id=meadow.tenant.id,
        ref="meadows",
        starts_at=harbour.at(2026, 11, 24, 9),
        ends_at=harbour.at(2026, 11, 24, 10),
    )
    await held(owner, cast, harbour.at(2026, 11, 24, 10), MONDAY + timedelta(minutes=1))
    await held(owner, cast, harbour.at(2026, 11, 24, 14), MONDAY)

    told = await feed(nora)

    place = house["ref"]
    assert told["closures"] == [
        {"start": "2026-11-24T12:00", "end": "2026-11-24T13:00", "reason": "Dentist", "practitioner": theo["ref"]}
    ]
    assert told["holds"] == [
        {
            "start": "2026-11-24T10:00",
            "end": "2026-11-24T11:00",
            "practitioner": theo["ref"],
            "place": place,
            "after": 15,
        }
    ]
    assert told["openings"] == [
        {"practitioner": row["ref"], "place": place, "start": "2026-11-24T09:00", "end": "2026-11-24T17:00"}
        for row in (harbour.practitioners["Nora Blake"], theo)
    ]
    assert told["offsets"] == [["2026-11-24T00:00", -5 * 3600]]


@pytest.mark.parametrize(
    ("day", "offsets", "spans"),
    [
        (
            "2027-03-14",
            [["2027-03-14T00:00", -18000], ["2027-03-14T03:00", -14400]],
            [("01:30", "03:30"), ("03:00", "04:00")],
        ),
        (
            "2026-11-01",
            [["2026-11-01T00:00", -14400], ["2026-11-01T02:00", -18000]],
            [("01:30", "02:30"), ("01:00", "02:00")],
        ),
    ],
)
async def test_nights_when_clocks_change_stand_on_the_wall(
    nora: Browser, cast: Cast, day: str, offsets: list[list[object]], spans: list[tuple[str, str]]
) -> None:
    """An hour each, ninety minutes after midnight and two hours after: in autumn the second begins before the first."""
    midnight = cast.harbour.at(*(int(part) for part in day.split("-")), 0)
    for who, minutes in (("Nora Blake", 90), ("Theo Roy", 120)):
        starts_at = midnight.astimezone(UTC) + timedelta(minutes=minutes)  # elapsed, whatever the clocks do
        await cast.harbour.appointment(ANA, "First visit", who, starts_at)

    told = await feed(nora, f"from={day}&until={date.fromisoformat(day) + timedelta(days=1)}")

    assert told["offsets"] == offsets
    assert [(row["start"][11:], row["end"][11:]) for row in told["appointments"]] == spans
    assert {row["until"] - row["at"] for row in told["appointments"]} == {3600}


async def test_number_of_queries_does_not_depend_on_how_much_is_booked(
    nora: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(monkeypatch)
    await feed(nora, "from=2026-11-23&until=2026-11-24")
    asked.clear()
    await feed(nora, "from=2026-11-23&until=2026-11-24")
    of_an_empty_day = len(asked)
    for day in (24, 25, 26, 27):
        for hour in range(9, 17):
            at = cast.harbour.at(2026, 11, day, hour)
            await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at)
            await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", at)
    asked.clear()

    told = await feed(nora, "from=2026-11-01&until=2026-12-10")

    assert len(told["appointments"]) == 64
    assert len(asked) == of_an_empty_day


async def test_days_that_make_no_sense_are_refused_in_words(nora: Browser) -> None:
    for query in (
        "from=2026-11-24&until=2026-11-24",
        "from=2026-11-24&until=2027-01-09",
        "from=2026-02-30",
        "from=%00",
        "from=9999-12-31",
        "from=0001-01-01",
        "until=x",
    ):
        answer = await nora.get(f"/desk/harbour/calendar.json?{query}")

        assert (answer.status_code, list(answer.json())) == (422, ["refusal"]), query


async def test_feed_is_today_s_where_no_day_is_named(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 23, 9))

    assert [row["client"] for row in (await feed(nora, ""))["appointments"]] == ["Ana Silva"]


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that goes through a lens."""
    asked: list[str] = []
    begun = Transaction.begun

    async def note(self: Transaction) -> asyncpg.Connection:
        asked.append("a statement")
        return await begun(self)

    monkeypatch.setattr(Transaction, "begun", note)
    return asked


async def closed(owner: asyncpg.Connection, cast: Cast, starts_at: Any, **more: Any) -> None:
    """For an hour."""
    await insert(
        owner,
        "closure",
        tenant_id=cast.harbour.tenant.id,
        ref=f"closed{starts_at:%d%H}",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        **more,
    )


async def held(owner: asyncpg.Connection, cast: Cast, starts_at: Any, expires_at: Any) -> None:
    """Theo's, for a first visit."""
    harbour = cast.harbour
    await insert(
        owner,
        "hold",
        tenant_id=harbour.tenant.id,
        key=f"hold{starts_at:%d%H}",
        practitioner_id=harbour.practitioners["Theo Roy"]["id"],
        service_id=harbour.services["First visit"]["id"],
        place_id=harbour.places["Harbour House"]["id"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        blocked_from=starts_at,
        blocked_until=starts_at + timedelta(hours=1, minutes=15),
        created_at=MONDAY - timedelta(minutes=5),
        expires_at=expires_at,
    )
