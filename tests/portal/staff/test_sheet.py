import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast
from tests.portal.staff.asking import ask, undo_form

SHEET = "/desk/harbour/appointments/sheet"
HX = {"hx-request": "true"}


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "client": "new",
        "first_name": "Dee",
        "last_name": "Ray",
        "email": "Dee@Example.org",
        "phone": "416 555 0132",
        "service": cast.harbour.services["Follow-up"]["ref"],
        "practitioner": cast.harbour.practitioners["Nora Blake"]["ref"],
        "day": "2026-11-24",
        "time": "10:05",
        "minutes": "",
        "note": "stairs",
        "tell": "yes",
        **more,
    }


async def send(browser: Browser, **fields: Any) -> None:
    key = re.findall(r'name="key" value="([^"]+)"', browser.text)
    await browser.post(SHEET, **{"key": key[0] if key else "", **fields})


async def booked(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    rows = await owner.fetch(
        """SELECT service.name, practitioner.name, starts_at, ends_at, first_name FROM appointment
           JOIN service ON service.id = service_id JOIN practitioner ON practitioner.id = practitioner_id
           JOIN client_record ON client_record.id = client_record_id WHERE cancelled_at IS NULL ORDER BY starts_at"""
    )
    return [tuple(row) for row in rows]


async def test_sheet_is_filled_from_the_address(nora: Browser, cast: Cast) -> None:
    theo = cast.harbour.practitioners["Theo Roy"]["ref"]
    asked = {"start": "2026-11-24T14:05:00-05:00", "end": "2026-11-24T14:50:00-05:00", "practitioner": theo}

    await nora.get(f"{SHEET}?{urlencode(asked | {'client': cast.harbour.records[ANA]['ref'], 'note': 'stairs'})}")

    for value in ("2026-11-24", "14:05", "45"):
        assert f'value="{value}"' in nora.text, value
    assert f'<option value="{theo}" selected>' in nora.text
    assert re.search(r'value="\w{10}" checked> <span>Ana Silva', nora.text)
    assert ">stairs</textarea>" in nora.text


@pytest.mark.parametrize("wrong", [{"start": "soon"}, {"end": "2026-11-24T10:00:00Z"}, {"service": "x"}, {"day": "\0"}])
async def test_address_that_says_nothing_sensible_opens_an_empty_sheet(nora: Browser, wrong: dict[str, str]) -> None:
    await nora.get(f"{SHEET}?{urlencode(wrong)}")

    assert nora.page.status_code == 200


async def test_somebody_new_is_booked_at_any_minute_and_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(SHEET)

    await send(nora, **typed(cast))

    start = cast.harbour.at(2026, 11, 24, 10, 5)
    assert await booked(owner) == [("Follow-up", "Nora Blake", start, start + timedelta(minutes=30), "Dee")]
    assert "Booked: Dee Ray, Tuesday, November 24, 2026 at 10:05" in nora.text
    row = await owner.fetchrow(
        "SELECT note, email, phone, skip_reason FROM appointment JOIN client_record "
        "ON client_record.id = client_record_id JOIN message ON appointment_id = appointment.id "
        "WHERE audience = 'client'"
    )
    assert tuple(row) == ("stairs", "dee@example.org", "+14165550132", "")


async def test_booking_is_undone_and_the_waiting_notice_with_it(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(SHEET)
    await send(nora, **typed(cast))

    address, fields = undo_form(nora)
    await nora.post(address, **fields)

    assert await booked(owner) == []
    assert await owner.fetchval("SELECT count(*) FROM message WHERE sent_at IS NOT NULL") == 0


async def test_known_client_is_chosen_and_told_nothing(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)
    ana = cast.harbour.records[ANA]

    await send(nora, **typed(cast, client=ana["ref"], first_name="", last_name="", email="", phone="", tell="no"))

    assert [row[4] for row in await booked(owner)] == ["Ana"]
    assert await owner.fetchval("SELECT skip_reason FROM message WHERE audience = 'client'") == "left_unsaid"


async def test_double_click_books_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)
    shown = nora.page
    await send(nora, **typed(cast))
    first = nora.path
    nora.page = shown

    await send(nora, **typed(cast))

    assert nora.path == first
    assert len(await booked(owner)) == 1


async def test_services_follow_each_other_and_are_undone_together(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(SHEET)
    first, second = (cast.harbour.services[name]["ref"] for name in ("Follow-up", "First visit"))

    await send(nora, **typed(cast, service=[first, second, ""]))
    at = cast.harbour.at(2026, 11, 24, 10, 5)
    half = timedelta(minutes=30)
    assert await booked(owner) == [
        ("Follow-up", "Nora Blake", at, at + half, "Dee"),
        ("First visit", "Nora Blake", at + half, at + 3 * half, "Dee"),
    ]

    address, fields = undo_form(nora)
    await nora.post(address, **fields)
    assert await booked(owner) == []


async def test_whoever_is_free_gives_it(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await nora.get(SHEET)

    await send(nora, **typed(cast, practitioner="any", time="10:00"))

    assert ("Theo Roy", "Dee") in [(row[1], row[4]) for row in await booked(owner)]


async def test_refusal_keeps_all_and_leads_on(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.policy(overbooking=True)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await nora.get(SHEET)
    key = re.findall(r'name="key" value="([^"]+)"', nora.text)[0]

    await send(nora, **typed(cast, tell="no"))
    assert nora.page.status_code == 409
    assert "This meets the appointment of Ben Okafor" in nora.text
    for value in ("Dee", "Ray", "Dee@Example.org", "416 555 0132", "2026-11-24", "10:05", key):
        assert f'value="{value}"' in nora.text, value
    assert ">stairs</textarea>" in nora.text
    assert 'value="yes" aria-describedby="hint-tell">' in nora.text
    nearest = re.findall(r'<button class="time" name="start" value="([^"]+)"', nora.text)
    assert len(nearest) == 3

    await send(nora, **typed(cast, insist="overbook", why="urgent"))
    assert nora.page.status_code == 200
    assert await owner.fetchval("SELECT reason FROM booking_override") == "urgent"


async def test_one_of_the_nearest_times_is_booked_at_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)
    await send(nora, **typed(cast, time="07:00"))
    assert nora.page.status_code == 422
    nearest = re.findall(r'<button class="time" name="start" value="([^"]+)"', nora.text)

    await send(nora, **typed(cast, time="07:00", start=nearest[0]))

    assert [row[2].astimezone(cast.harbour.tenant.zone).isoformat() for row in await booked(owner)] == [nearest[0]]


async def test_outside_opening_hours_only_on_purpose(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)

    told = await ask(nora, SHEET, **typed(cast, time="07:00"))
    await send(nora, **typed(cast, time="07:00", insist="outside_hours"))

    assert (told.status_code, told.json()["insist"]) == (422, "outside_hours")
    assert await owner.fetchval("SELECT what FROM booking_override") == "outside_hours"


async def test_search_without_scripts_keeps_what_was_typed(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(SHEET)

    await send(nora, **typed(cast, first_name="", q="silva", find="yes"))

    assert nora.page.status_code == 200
    assert f'name="client" value="{cast.harbour.records[ANA]["ref"]}"' in nora.text
    assert ('value="10:05"' in nora.text, ">stairs</textarea>" in nora.text) == (True, True)
    assert await booked(owner) == []


async def test_words_without_a_choice_are_asked_about(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)

    await send(nora, **typed(cast, first_name="", last_name="", q="silva"))

    assert nora.page.status_code == 422
    assert "Please choose a client" in nora.text
    assert f'name="client" value="{cast.harbour.records[ANA]["ref"]}"' in nora.text
    assert await booked(owner) == []


async def test_clients_are_found_while_one_types(nora: Browser, cast: Cast) -> None:
    ana, ben = (cast.harbour.records[each]["ref"] for each in (ANA, BEN))

    await nora.get(f"{SHEET}/clients?q=silva&client={ben}", headers=HX)

    assert nora.page.status_code == 200
    assert "<html" not in nora.text
    assert re.findall(r'name="client" value="(\w+)"( checked)?', nora.text) == [
        (ben, " checked"),
        (ana, ""),
        ("new", ""),
    ]
    assert ANA_AT_MEADOW not in nora.text


@pytest.mark.parametrize("q", ["%", "_", "\\", "a\0b", "x" * 101, "'"])
async def test_strange_words_find_nobody(nora: Browser, q: str) -> None:
    await nora.get(f"{SHEET}/clients?{urlencode({'q': q})}")

    assert nora.page.status_code == 200
    assert re.findall(r'name="client" value="(\w+)"', nora.text) == ["new"]


async def test_fragment_answers_in_its_place(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(f"{SHEET}?day=2026-11-24", headers=HX)
    assert nora.text.lstrip().startswith('<div id="sheet"')
    token = re.findall(r'name="_csrf" value="([^"]+)"', nora.text)[0]

    refused = await nora.http.post(SHEET, data=typed(cast, time="", _csrf=token), headers=HX)
    done = await nora.http.post(SHEET, data=typed(cast, _csrf=token), headers=HX)

    assert (refused.status_code, done.status_code) == (422, 200)
    assert [each.text.lstrip().startswith('<div id="sheet"') for each in (refused, done)] == [True, True]
    assert (refused.headers.get("hx-trigger"), done.headers["hx-trigger"]) == (None, "booked")
    assert "Booked: Dee Ray" in done.text
    assert len(await booked(owner)) == 1


BAD: list[tuple[dict[str, Any], str]] = [
    ({"service": ""}, "service"),
    ({"service": ["a", "b", "c", "d"]}, "service"),
    ({"day": ""}, "day"),
    ({"day": "2026-13-01"}, "day"),
    ({"time": "10"}, "time"),
    ({"day": "2027-03-14", "time": "02:30"}, "time"),
    ({"minutes": "0"}, "minutes"),
    ({"minutes": "1441"}, "minutes"),
    ({"first_name": ""}, "first_name"),
    ({"last_name": "x" * 5000}, "last_name"),
    ({"email": "nobody"}, "email"),
    ({"phone": "ring twice"}, "phone"),
    ({"note": "x" * 1001}, "note"),
    ({"client": "a\0b"}, "client"),
    ({"practitioner": "x" * 21}, "practitioner"),
    ({"why": "x" * 501, "insist": "overbook"}, "why"),
    ({"every_weeks": "0"}, "every_weeks"),
    ({"every_weeks": "2"}, "times"),
    ({"every_weeks": "2", "times": "105"}, "times"),
    ({"every_weeks": "2", "until": "never"}, "until"),
    ({"every_weeks": "2", "times": "3", "practitioner": "any"}, "practitioner"),
]


async def test_bad_input_is_told_at_its_field(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)

    for wrong, field in BAD:
        await send(nora, **typed(cast, **wrong))

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.text, wrong
    assert await booked(owner) == []


async def test_several_services_take_no_length(nora: Browser, cast: Cast) -> None:
    await nora.get(SHEET)
    ref = cast.harbour.services["Follow-up"]["ref"]

    await send(nora, **typed(cast, service=[ref, ref], minutes="45"))

    assert (nora.page.status_code, 'href="#field-minutes"' in nora.text) == (422, True)


async def test_what_is_not_this_practice_s_is_not_found(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    meadow = cast.meadow
    foreign = [
        {"client": meadow.records[ANA_AT_MEADOW]["ref"]},
        {"service": meadow.services["Massage"]["ref"]},
        {"practitioner": meadow.practitioners["Lea Martin"]["ref"]},
        {"place": meadow.places["Studio"]["ref"]},
    ]
    await nora.get(SHEET)
    shown = nora.page

    for wrong in foreign:
        nora.page = shown
        await send(nora, **typed(cast, **wrong))
        assert nora.page.status_code == 404, wrong
    assert (await nora.get(f"{SHEET}?client={foreign[0]['client']}")).status_code == 404
    assert (await nora.get(f"{SHEET}/clients?client={foreign[0]['client']}")).status_code == 404
    assert await booked(owner) == []


async def test_sheet_without_token_is_refused(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(SHEET)

    await nora.post(SHEET, token="wrong", **typed(cast))

    assert (nora.page.status_code, await booked(owner)) == (403, [])
