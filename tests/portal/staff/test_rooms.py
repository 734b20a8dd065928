"""Rooms in the calendar: as columns, in the list, on the appointment's page; and giving another one there."""

import json
import re
from html import unescape
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast
from tests.portal.staff.asking import ask, undo, undo_form
from tests.portal.staff.test_calendar import slips
from tests.rooms_made import in_room, rooms_made

DAY = "/desk/harbour?day=2026-11-24"


async def booked(cast: Cast, email: str = ANA, who: str = "Nora Blake", hour: int = 10) -> dict[str, Any]:
    return await cast.harbour.appointment(email, "Follow-up", who, cast.harbour.at(2026, 11, 24, hour))


def columns(browser: Browser) -> dict[str, list[str]]:
    """Who stands in which column, in the order of the page."""
    parts = re.split(r'<h2 id="column-title-\d+">', browser.text)[1:]
    return {part.split("</h2>")[0]: re.findall(r'/appointments/[a-z2-7]{10}">([^<]*)</a>', part) for part in parts}


def drawn(browser: Browser) -> Any:
    return json.loads(unescape(re.findall(r"data-calendar='([^']*)'", browser.page.text)[0]))


async def test_day_is_cut_by_room(nora: Browser, cast: Cast) -> None:
    one, two = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2", needed_by="Follow-up")
    [laser] = await rooms_made(cast.harbour, "Laser", "The laser", what="equipment")
    await rooms_made(cast.meadow, "Cabin", "Meadow’s")
    anas, _ = await booked(cast), await booked(cast, BEN, "Theo Roy")
    await in_room(cast.harbour, anas, two)
    await in_room(cast.harbour, anas, laser)

    await nora.get(f"{DAY}&by=room")

    assert columns(nora) == {
        "Room 1": [],
        "Room 2": ["Ana Silva"],
        "The laser": ["Ana Silva"],
        "Without a room": ["Ben Okafor"],
    }
    facts = drawn(nora)
    assert (facts["by"], [column["id"] for column in facts["columns"]]) == (
        "room",
        [one["ref"], two["ref"], laser["ref"], "none"],
    )
    assert "by=room" in nora.text
    assert "Follow-up · Nora Blake" in nora.text


async def test_room_in_use_stays_a_column_when_it_is_retired(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    one, _ = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2")
    await in_room(cast.harbour, await booked(cast), one)
    await owner.execute("UPDATE resource SET retired_at = now()")

    await nora.get(f"{DAY}&by=room")

    assert columns(nora) == {"Room 1": ["Ana Silva"], "Without a room": []}


async def test_practice_without_rooms_is_not_cut_by_them(nora: Browser, cast: Cast) -> None:
    await rooms_made(cast.meadow, "Cabin", "Meadow’s")
    await booked(cast)

    await nora.get(f"{DAY}&by=room")

    assert list(columns(nora)) == ["Nora Blake", "Theo Roy"]
    assert ("By room" in nora.text, drawn(nora)["by"]) == (False, "practitioner")


async def test_slips_and_feed_name_the_room(nora: Browser, cast: Cast) -> None:
    [one] = await rooms_made(cast.harbour, "Treatment room", "Room 1", needed_by="Follow-up")
    await in_room(cast.harbour, await booked(cast), one)
    await booked(cast, BEN, "Theo Roy")
    meadow = cast.meadow
    theirs = await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 24, 15))
    [cabin] = await rooms_made(meadow, "Cabin", "Meadow’s")
    await in_room(meadow, theirs, cabin)

    await nora.get(DAY)
    named = slips(nora), "Follow-up · Room 1" in nora.text
    feed = (await nora.get("/desk/harbour/calendar.json?from=2026-11-24&until=2026-11-25")).json()

    assert named == ([("10:00", "Ana Silva"), ("10:00", "Ben Okafor")], True)
    assert [row.get("rooms", []) for row in feed["appointments"]] == [[one["ref"]], []]


async def test_another_room_is_given_on_the_page_and_taken_back(nora: Browser, cast: Cast) -> None:
    one, two, three = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2", "Room 3")
    anas, bens = await booked(cast), await booked(cast, BEN, "Theo Roy")
    await in_room(cast.harbour, anas, one)
    await in_room(cast.harbour, bens, three)
    page = f"/desk/harbour/appointments/{anas['ref']}"
    await nora.get(page)
    offered = re.findall(r'<option value="(\w+)"( disabled)?>([^<]*)</option>', nora.text)

    await nora.post(f"{page}/room", resource=two["ref"], had=one["ref"], seen="0")
    changed = nora.path.startswith(page), "<dd>Room 2" in nora.text
    address, fields = undo_form(nora)
    await nora.post(address, **fields)

    assert offered == [(two["ref"], "", "Room 2"), (three["ref"], " disabled", "Room 3 (taken)")]
    assert changed == (True, True)
    assert "<dd>Room 1" in nora.text


async def test_room_that_is_taken_is_refused_beside_what_was_asked(nora: Browser, cast: Cast) -> None:
    one, two = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2")
    anas, bens = await booked(cast), await booked(cast, BEN, "Theo Roy")
    await in_room(cast.harbour, anas, one)
    await in_room(cast.harbour, bens, two)
    page = f"/desk/harbour/appointments/{anas['ref']}"
    await nora.get(page)

    told = []
    for fields in ({"resource": two["ref"]}, {"resource": two["ref"], "had": two["ref"]}, {"resource": ""}):
        await nora.post(f"{page}/room", **fields)
        told.append((nora.page.status_code, 'id="errors"' in nora.text))
    missing = await nora.post(f"{page}/room", resource="nowhere")

    assert told == [(409, True), (409, True), (422, True)]
    assert "This is taken at that time: Room 2." not in nora.text
    assert missing.status_code == 404


async def test_calendar_drags_into_another_room_and_back(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    one, two = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2")
    anas = await booked(cast)
    await in_room(cast.harbour, anas, one)
    door = f"/desk/harbour/appointments/{anas['ref']}/room"

    given = await ask(nora, door, resource=two["ref"], seen="0")
    back = await undo(nora, given)
    old = await ask(nora, door, resource=two["ref"], seen="7")

    assert [each.status_code for each in (given, back, old)] == [200, 200, 409]
    assert (given.json()["said"], old.json()["insist"]) == ("The room or equipment is changed.", None)
    assert await owner.fetchval("SELECT resource_id FROM resource_use") == one["id"]


async def test_other_room_is_a_line_of_the_audit_log(nora: Browser, cast: Cast) -> None:
    one, two = await rooms_made(cast.harbour, "Treatment room", "Room 1", "Room 2")
    anas = await booked(cast)
    await in_room(cast.harbour, anas, one)
    await ask(nora, f"/desk/harbour/appointments/{anas['ref']}/room", resource=two["ref"])

    await nora.get("/desk/harbour/audit")

    assert "Nora Blake gave an appointment another room: room or equipment Room 1 → Room 2" in nora.text
    assert f'href="/desk/harbour/appointments/{anas["ref"]}"' in nora.text


async def test_legend_names_the_colours(nora: Browser, cast: Cast) -> None:
    await nora.get(DAY)

    assert re.findall(r'class="legend-item tone-(\d)">([^<]+)<', nora.page.text) == [
        ("1", "First visit"),
        ("2", "Follow-up"),
    ]
