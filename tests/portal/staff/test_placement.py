import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast
from tests.portal.staff.asking import JSON, ask, undo, undo_form

HALF = timedelta(minutes=30)


async def kept(cast: Cast, hour: int = 10, email: str = ANA, **more: Any) -> str:
    row = await cast.harbour.appointment(email, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, hour), **more)
    return f"/desk/harbour/appointments/{row['ref']}"


def on_tuesday(hour: int, minute: int = 0) -> str:
    return f"2026-11-24T{hour:02}:{minute:02}:00-05:00"


async def test_drag_moves_resizes_and_hands_over_in_one(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)
    theo = cast.harbour.practitioners["Theo Roy"]

    answer = await ask(
        nora, f"{page}/placement", start=on_tuesday(14, 7), end=on_tuesday(15), practitioner=theo["ref"], seen="0"
    )

    assert answer.status_code == 200
    assert (answer.json()["sequence"], answer.json()["ref"]) == (1, page.rsplit("/", 1)[1])
    assert answer.json()["said"].startswith("Moved to Theo Roy: Tuesday, November 24, 2026 at 2:07")
    row = await owner.fetchrow("SELECT starts_at, ends_at, practitioner_id FROM appointment")
    at = cast.harbour.at
    assert tuple(row) == (at(2026, 11, 24, 14, 7), at(2026, 11, 24, 15), theo["id"])


async def test_drag_is_undone_and_nobody_hears_of_it(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)
    before = await owner.fetchrow("SELECT starts_at, ends_at, practitioner_id, place_id FROM appointment")
    moved = await ask(nora, f"{page}/placement", start=on_tuesday(14), end=on_tuesday(15), tell="no")

    back = await undo(nora, moved)

    assert (back.status_code, back.json()["sequence"]) == (200, 2)
    after = await owner.fetchrow("SELECT starts_at, ends_at, practitioner_id, place_id FROM appointment")
    assert tuple(after) == tuple(before)
    assert await owner.fetch("SELECT id FROM message WHERE audience = 'client' AND skip_reason <> 'left_unsaid'") == []


async def test_undo_does_not_take_back_what_came_after(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)
    moved = await ask(nora, f"{page}/placement", start=on_tuesday(14))
    await ask(nora, f"{page}/placement", start=on_tuesday(15))

    back = await undo(nora, moved)

    assert (back.status_code, back.json()["insist"]) == (409, None)
    assert "has been moved" in back.json()["refusal"]
    assert await owner.fetchval("SELECT starts_at FROM appointment") == cast.harbour.at(2026, 11, 24, 15)


async def test_drop_where_it_was_changes_nothing(nora: Browser, cast: Cast) -> None:
    page = await kept(cast)

    answer = await ask(nora, f"{page}/placement", start=on_tuesday(10))

    assert (answer.status_code, answer.json()["sequence"], answer.json()["undo"]) == (200, 0, None)


async def test_overbooking_is_refused_then_asked_then_done(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page, other = await kept(cast), await kept(cast, 14, BEN)
    where: dict[str, Any] = {"start": on_tuesday(14, 15)}

    never = await ask(nora, f"{page}/placement", **where, insist="overbook", why="urgent")
    await cast.harbour.policy(overbooking=True)
    asked = await ask(nora, f"{page}/placement", **where)
    done = await ask(nora, f"{page}/placement", **where, insist="overbook", why="urgent")

    assert [(each.status_code, each.json().get("insist")) for each in (never, asked)] == [
        (409, None),
        (409, "overbook"),
    ]
    assert "This meets the appointment of Ben Okafor" in asked.json()["refusal"]
    assert done.status_code == 200
    assert await owner.fetchval("SELECT reason FROM booking_override") == "urgent"
    await nora.get(page)
    assert ("Overbooked on purpose" in nora.text, "urgent" in nora.text, other in nora.text) == (True, True, True)
    await nora.get(other)
    assert "Another appointment is laid over it" in nora.text


async def test_undo_puts_back_over_what_it_was_laid_over(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.policy(overbooking=True)
    page, _ = await kept(cast), await kept(cast, 14, BEN)
    await ask(nora, f"{page}/placement", start=on_tuesday(14), insist="overbook", why="urgent")
    away = await ask(nora, f"{page}/placement", start=on_tuesday(16))

    back = await undo(nora, away)

    assert back.status_code == 200
    assert await owner.fetch("SELECT DISTINCT reason FROM booking_override") == [("urgent",)]


async def test_outside_opening_hours_is_asked_for(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)

    asked = await ask(nora, f"{page}/placement", start=on_tuesday(7))
    done = await ask(nora, f"{page}/placement", start=on_tuesday(7), insist="overbook,outside_hours")

    assert (asked.status_code, asked.json()["insist"]) == (422, "outside_hours")
    assert (done.status_code, await owner.fetchval("SELECT what FROM booking_override")) == (200, "outside_hours")
    await nora.get(page)
    assert "Outside the opening hours, on purpose" in nora.text


BAD: list[dict[str, Any]] = [
    {"start": "tomorrow"},
    {"start": "2026-11-24T10:00:00"},
    {"start": "2026-11-24T10:00:07-05:00"},
    {"start": "0001-01-01T00:00:00+00:00"},
    {"start": on_tuesday(10), "end": on_tuesday(10)},
    {"start": on_tuesday(10), "end": on_tuesday(9)},
    {"start": on_tuesday(10), "end": "later"},
    {"start": on_tuesday(10), "end": "2026-11-25T10:01:00-05:00"},
    {"start": on_tuesday(10), "minutes": "0"},
    {"start": on_tuesday(10), "minutes": "1441"},
    {"start": on_tuesday(11), "seen": "many"},
    {"start": on_tuesday(11), "seen": "9999999999"},
    {"start": on_tuesday(11), "why": "x" * 501},
    {"start": on_tuesday(11), "practitioner": "a\0"},
    {"day": "2026-11-24", "time": "25:00"},
    {"day": "2026-02-30", "time": "10:00"},
    {"day": "2027-03-14", "time": "02:30"},
    {},
]


@pytest.mark.parametrize("wrong", BAD, ids=str)
async def test_bad_input_is_told_and_nothing_is_moved(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, wrong: dict[str, Any]
) -> None:
    page = await kept(cast)

    answer = await ask(nora, f"{page}/placement", **wrong)
    await nora.get(f"{page}/placement")
    await nora.post(f"{page}/placement", **wrong)

    assert (answer.status_code, nora.page.status_code) == (422, 422)
    assert answer.json()["refusal"]
    assert 'id="errors"' in nora.text
    assert await owner.fetchval("SELECT sequence FROM appointment") == 0


async def test_what_is_not_this_practice_s_is_not_found(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)
    meadow = cast.meadow
    theirs = await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 24, 10))
    lea, studio = meadow.practitioners["Lea Martin"]["ref"], meadow.places["Studio"]["ref"]

    told = [
        (await ask(nora, f"{page}/placement", start=on_tuesday(11), practitioner=lea)).status_code,
        (await ask(nora, f"{page}/placement", start=on_tuesday(11), place=studio)).status_code,
        (await ask(nora, f"/desk/harbour/appointments/{theirs['ref']}/placement", start=on_tuesday(11))).status_code,
        (await nora.get(f"/desk/harbour/appointments/{theirs['ref']}/placement")).status_code,
    ]

    assert told == [404] * 4
    assert await owner.fetchval("SELECT sum(sequence) FROM appointment") == 0


async def test_form_without_token_is_refused(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)

    answer = await nora.http.post(f"{page}/placement", data={"start": on_tuesday(11)}, headers=JSON)

    assert (answer.status_code, await owner.fetchval("SELECT sequence FROM appointment")) == (403, 0)


async def test_service_given_up_since_is_told(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await kept(cast)
    await owner.execute("UPDATE service SET retired_at = now() WHERE name = 'Follow-up'")

    answer = await ask(nora, f"{page}/placement", start=on_tuesday(11))

    assert (answer.status_code, answer.json()["insist"]) == (422, None)


async def test_cancelled_one_stays_where_it_was(nora: Browser, cast: Cast) -> None:
    at = cast.harbour.at(2026, 11, 23, 7)
    page = await kept(cast, cancelled_at=at, cancelled_by="staff")

    asked = await nora.get(f"{page}/placement")
    answer = await ask(nora, f"{page}/placement", start=on_tuesday(11))

    assert (asked.status_code, answer.status_code) == (422, 422)
    assert "was cancelled" in answer.json()["refusal"]


async def test_form_does_what_the_drag_does_and_can_be_undone(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await kept(cast)
    await nora.get(f"{page}/placement")
    assert ('value="2026-11-24"' in nora.text, 'value="10:00"' in nora.text) == (True, True)

    await nora.post(nora.path, day="2026-11-24", time="11:10", minutes="45", practitioner="", tell="yes", seen="0")
    assert nora.path.startswith(f"{page}?done=moved")
    assert "Moved: Tuesday, November 24, 2026 at 11:10" in nora.text
    row = await owner.fetchrow("SELECT starts_at, ends_at - starts_at FROM appointment")
    assert tuple(row) == (cast.harbour.at(2026, 11, 24, 11, 10), timedelta(minutes=45))
    assert "the service lasts 30" in nora.text.replace("\xa0", " ")

    address, fields = undo_form(nora)
    await nora.post(address, **fields)
    row = await owner.fetchrow("SELECT starts_at, ends_at - starts_at FROM appointment")
    assert tuple(row) == (cast.harbour.at(2026, 11, 24, 10), HALF)


async def test_line_of_an_older_change_is_not_shown_any_more(nora: Browser, cast: Cast) -> None:
    page = await kept(cast)
    await nora.get(f"{page}/placement")
    await nora.post(nora.path, day="2026-11-24", time="11:00", minutes="30", seen="0")
    said = nora.path
    await ask(nora, f"{page}/placement", start=on_tuesday(15))

    await nora.get(said)

    assert "alert is-good done" not in nora.text


async def test_line_stands_in_an_address_of_this_browser_s_own_alone(nora: Browser, theo: Browser, cast: Cast) -> None:
    page = await kept(cast)
    await nora.get(f"{page}/placement")
    await nora.post(nora.path, day="2026-11-24", time="11:00", minutes="30", seen="0")
    said = nora.path

    await theo.get(said)
    made_up = (said.replace("10%3A00", "16%3A00"), f"{page}?done=booked&seen=1", f"{page}?done=moved&sign=é")
    other = [theo.text, *[(await nora.get(each)).text for each in made_up]]

    assert ["alert is-good done" in each for each in other] == [False] * 4
    assert "alert is-good done" in (await nora.get(said)).text


async def test_refused_form_keeps_what_was_typed_and_offers_to_insist(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await kept(cast)
    await nora.get(f"{page}/placement")
    typed: dict[str, Any] = {"day": "2026-11-24", "time": "18:20", "minutes": "50", "seen": "0"}

    await nora.post(nora.path, **typed, tell="no")
    assert nora.page.status_code == 422
    assert "This is outside the opening hours" in nora.text
    for value in ("18:20", "50", "2026-11-24"):
        assert f'value="{value}"' in nora.text, value
    assert re.findall(r'name="tell" value="yes"[^>]*>', nora.text)[0].endswith('aria-describedby="hint-tell">')
    assert 'name="insist" value="outside_hours"' in nora.text

    await nora.post(f"{page}/placement", **typed, insist="outside_hours", why="a favour")
    assert nora.page.status_code == 200
    assert await owner.fetchval("SELECT reason FROM booking_override") == "a favour"


async def test_form_of_an_appointment_moved_meanwhile_can_be_sent_again(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await kept(cast)
    await ask(nora, f"{page}/placement", start=on_tuesday(15))
    await nora.get(f"{page}/placement")
    typed: dict[str, Any] = {"day": "2026-11-24", "time": "11:00", "minutes": "30"}

    await nora.post(nora.path, **typed, seen="0")
    assert (nora.page.status_code, 'name="seen" value="1"' in nora.text) == (409, True)

    await nora.post(f"{page}/placement", **typed, seen="1")
    assert await owner.fetchval("SELECT starts_at FROM appointment") == cast.harbour.at(2026, 11, 24, 11)
