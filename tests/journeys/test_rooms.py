"""Nora gives an appointment another room: by dragging it into a column, and by a form that does the same."""

import pytest

from tests.cast import NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.rooms_and_log import appointment_in_room, day_by_room
from tests.journeys.steps import block, drag_block, drawn
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser

_ROOM = """
SELECT string_agg(resource.name, ', ' ORDER BY resource.name) FROM resource_use
JOIN resource ON resource.id = resource_id
WHERE appointment_id = (
    SELECT appointment.id FROM appointment JOIN client_record ON client_record.id = client_record_id
    WHERE email = 'ana@example.org' AND starts_at > now() ORDER BY starts_at LIMIT 1)
"""
_STARTS = """
SELECT to_char(starts_at AT TIME ZONE 'America/Toronto', 'HH24:MI')
FROM appointment JOIN client_record ON client_record.id = client_record_id
WHERE email = 'ana@example.org' AND starts_at > now() ORDER BY starts_at LIMIT 1
"""


async def test_block_is_dragged_into_another_room_and_taken_back(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await day_by_room(nora, portal)
    heads = await nora.page.locator(".ec-col-head").all_inner_texts()
    time = await portal.owner.fetchval(_STARTS)
    await drag_block(nora, "Ana Silva", time, "Room 2")
    undo = nora.page.locator(".toast").get_by_role("button", name="Undo")
    await undo.wait_for()
    moved = await portal.owner.fetchval(_ROOM), await portal.owner.fetchval(_STARTS)
    await undo.click()
    await nora.page.locator(".toast [data-undo][hidden]").wait_for(state="attached")

    assert heads == ["Room 1", "Room 2", "Shockwave", "Without a room"]
    assert moved == ("Room 2, Shockwave", time)
    assert await portal.owner.fetchval(_ROOM) == "Room 1, Shockwave"


async def test_time_and_room_are_changed_by_one_drag(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await day_by_room(nora, portal)
    await drag_block(nora, "Ana Silva", "11:00", "Room 2")
    await nora.page.locator(".toast", has_text="The room or equipment is changed.").wait_for()

    assert await portal.owner.fetchval(_STARTS) == "11:00"
    assert "Room 2" in await portal.owner.fetchval(_ROOM)


async def test_block_goes_back_from_where_there_is_no_room(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await day_by_room(nora, portal)
    await drag_block(nora, "Ana Silva", await portal.owner.fetchval(_STARTS), "Without a room")
    await nora.page.locator(".toast.is-danger").wait_for()

    assert await portal.owner.fetchval(_ROOM) == "Room 1, Shockwave"
    assert await block(nora, "Ana Silva").count() == 1


async def test_room_is_changed_on_a_phone_without_scripts(visit: Visit, portal: Demo) -> None:
    nora = await visit(Look(PHONE, scripts=False), NORA)
    await appointment_in_room(nora, portal)
    await nora.page.locator("select[name=resource]").first.select_option(label="Room 2")
    await nora.page.locator(".room-form button").first.click()
    await nora.page.locator(".alert.is-good").wait_for()

    assert await portal.owner.fetchval(_ROOM) == "Room 2, Shockwave"


async def test_what_is_drawn_by_room_is_what_the_list_says(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await day_by_room(nora, portal)
    await drawn(nora)

    listed = await nora.page.locator("#as-list .slip").count()

    assert await nora.page.locator(".ec-event.is-booked").count() == listed > 0
