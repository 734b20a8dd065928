import re
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast

NEW = "/desk/harbour/appointments/new"
TEN = "2026-11-24T10:00:00-05:00"


async def for_whom(browser: Browser, cast: Cast, start: str = TEN, **more: str) -> dict[str, Any]:
    """The page that asks for whom; gives back the hidden fields of its form."""
    choice = {
        "service": cast.harbour.services["Follow-up"]["ref"],
        "practitioner": cast.harbour.practitioners["Nora Blake"]["ref"],
        "start": start,
    }
    await browser.get(f"{NEW}?{urlencode(choice | more)}")
    hidden: dict[str, Any] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.text))
    hidden.pop("_csrf")
    return hidden


DEE: dict[str, Any] = {
    "first_name": "Dee",
    "last_name": "Ray",
    "email": "Dee@Example.org",
    "phone": "",
    "note": "stairs",
}


async def test_choosing_leads_from_service_to_time(nora: Browser, cast: Cast) -> None:
    await nora.get(f"{NEW}?day=2026-11-24")
    service = cast.harbour.services["Follow-up"]["ref"]
    assert f"service={service}" in nora.text
    assert "day=2026-11-24" in nora.text

    await nora.get(f"{NEW}?service={service}&day=2026-11-24")

    assert f'name="start" value="{TEN}"' in nora.text
    assert "_csrf" not in nora.text.split('id="times"')[1].split("</section>")[0]


async def test_new_client_is_booked_and_mailed(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    hidden = await for_whom(nora, cast)

    await nora.post(NEW, **hidden, **DEE)

    assert re.fullmatch("/desk/harbour/appointments/[a-z2-7]{10}", nora.path.split("?")[0])
    assert "Booked: Dee Ray, Tuesday, November 24, 2026 at 10:00" in nora.text
    row = await owner.fetchrow(
        """SELECT starts_at, booked_by, note, email, first_name,
                  (SELECT kind FROM message WHERE audience = 'client') AS notice
           FROM appointment JOIN client_record ON client_record.id = client_record_id"""
    )
    at = cast.harbour.at(2026, 11, 24, 10)
    assert tuple(row) == (at, "staff", "stairs", "dee@example.org", "Dee", "booked")


async def test_time_inside_the_notice_is_open_to_staff(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    hidden = await for_whom(nora, cast, "2026-11-23T09:00:00-05:00")

    await nora.post(NEW, **hidden, **DEE)

    assert await owner.fetchval("SELECT starts_at FROM appointment") == cast.harbour.at(2026, 11, 23, 9)


async def test_search_finds_only_this_practice_s_clients(nora: Browser, cast: Cast) -> None:
    await for_whom(nora, cast, q="silva")

    assert re.findall(r'client=([a-z2-7]{10})"', nora.text) == [cast.harbour.records[ANA]["ref"]]
    assert ANA_AT_MEADOW not in nora.text


async def test_search_without_luck_says_so(nora: Browser, cast: Cast) -> None:
    await for_whom(nora, cast, q="Zacharias")

    assert "Nobody of that name" in nora.text


async def test_known_client_without_address_keeps_one_record(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    hidden = await for_whom(nora, cast)
    await nora.post(NEW, **hidden, **DEE | {"email": ""})
    record = await owner.fetchrow("SELECT id, ref FROM client_record WHERE first_name = 'Dee'")

    hidden = await for_whom(nora, cast, "2026-11-24T11:00:00-05:00", client=record["ref"])
    assert "Dee Ray" in nora.text
    await nora.post(NEW, **hidden, note="")

    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE client_record_id = $1", record["id"]) == 2


async def test_record_of_another_practice_cannot_be_booked(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    hidden = await for_whom(nora, cast)

    await nora.post(NEW, **hidden | {"client": cast.meadow.records[ANA_AT_MEADOW]["ref"]}, note="")

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def test_double_click_books_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    hidden = await for_whom(nora, cast)
    shown = nora.page

    await nora.post(NEW, follow=False, **hidden, **DEE)
    first = nora.page.headers["location"]
    nora.page = shown
    await nora.post(NEW, follow=False, **hidden, **DEE)

    assert nora.page.headers["location"] == first
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_refusal_keeps_what_was_typed_and_offers_the_next_free_times(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    hidden = await for_whom(nora, cast)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await nora.post(NEW, **hidden, **DEE)
    assert nora.page.status_code == 409
    assert ("stairs" in nora.text, 'value="Dee"' in nora.text) == (True, True)
    starts = re.findall(r'<button class="time" name="start" value="([^"]+)"', nora.text)
    assert len(starts) == 3

    await nora.post(NEW, **hidden | {"start": starts[2]}, **DEE)
    assert nora.page.status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE booked_by = 'staff'") == 1


async def test_time_taken_before_the_client_is_asked_for_leads_back_to_the_times(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await for_whom(nora, cast)

    assert nora.page.status_code == 409
    assert 'id="times"' in nora.text


BAD_CLIENTS = [
    ({"first_name": ""}, "first_name"),
    ({"last_name": "x" * 5000}, "last_name"),
    ({"first_name": "a\0b"}, "first_name"),
    ({"email": "nobody"}, "email"),
    ({"email": "x" * 300 + "@example.org"}, "email"),
    ({"phone": "1" * 41}, "phone"),
    ({"note": "x" * 1001}, "note"),
    ({"key": "k" * 65}, "key"),
    ({"client": "a\0b"}, "client"),
]


async def test_bad_input_is_told_at_its_field(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    hidden = await for_whom(nora, cast)

    for wrong, field in BAD_CLIENTS:
        await nora.post(NEW, **hidden | DEE | wrong)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


@pytest.mark.parametrize(
    "wrong", [{"start": "yesterday"}, {"service": "nope"}, {"practitioner": "a\0"}, {"place": "x"}]
)
async def test_choice_that_is_none_is_not_found(nora: Browser, cast: Cast, wrong: dict[str, str]) -> None:
    hidden = await for_whom(nora, cast)

    await nora.post(NEW, **hidden | DEE | wrong)

    assert nora.page.status_code == 404
