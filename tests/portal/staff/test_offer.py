"""What a service says, needs and allows, as its form keeps it and as clients read it."""

import re
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.factories import insert
from tests.portal.staff.forms import SERVICE, place, seen_in, who

FRENCH: dict[str, str] = {"name_fr": "Ondes de choc", "about_fr": "Dix minutes."}
_THIS = "FROM service WHERE id = $1"


async def kind_made(owner: asyncpg.Connection, cast: Cast, name: str = "Laser", *things: str) -> dict[str, Any]:
    at = {"tenant_id": cast.harbour.tenant.id}
    kind = await insert(owner, "resource_kind", **at, ref=f"{name[:5].lower():x<10}", name=name, what="equipment")
    where = cast.harbour.places["Harbour House"]["id"]
    for number, thing in enumerate(things):
        facts = {"kind_id": kind["id"], "place_id": where, "name": thing}
        await insert(owner, "resource", **at, ref=f"thing{number}ffff", **facts)
    return kind


async def offered(browser: Browser, cast: Cast, **more: Any) -> None:
    """A new service, given by Theo at Harbour House."""
    await browser.get("/desk/harbour/services/new")
    await browser.post(
        browser.path, **{**SERVICE, "practitioners": who(cast, "Theo Roy"), "places": place(cast), **more}
    )


async def test_service_keeps_what_its_form_says(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    kind = await kind_made(owner, cast, "Laser", "Laser 1")

    await offered(
        nora,
        cast,
        booked_by="staff",
        needs_approval="yes",
        capacity="8",
        colour="#c2377f",
        needs=kind["ref"],
        **FRENCH,
    )

    assert nora.path == "/desk/harbour/services"
    row = await owner.fetchrow("SELECT * FROM service WHERE name = 'Shockwave'")
    assert (row["online"], row["needs_approval"], row["capacity"], row["colour"]) == (False, True, 8, "#c2377f")
    assert await owner.fetchval("SELECT kind_id FROM service_need WHERE service_id = $1", row["id"]) == kind["id"]
    text = await owner.fetchrow("SELECT language, name, about FROM service_text WHERE service_id = $1", row["id"])
    assert tuple(text) == ("fr", "Ondes de choc", "Dix minutes.")


async def test_everything_on_the_form_is_guarded_against_overwriting(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kind = await kind_made(owner, cast, "Laser", "Laser 1")
    service = cast.harbour.services["Follow-up"]
    changes = (
        "UPDATE service SET online = false WHERE id = $1",
        "UPDATE service SET needs_approval = true WHERE id = $1",
        "UPDATE service SET capacity = 2 WHERE id = $1",
        "UPDATE service SET colour = '#2e8b57' WHERE id = $1",
        f"INSERT INTO service_need (tenant_id, service_id, kind_id) SELECT tenant_id, id, {kind['id']} {_THIS}",
        f"INSERT INTO service_text (tenant_id, service_id, language, name) SELECT tenant_id, id, 'fr', 'Suivi' {_THIS}",
    )

    told = []
    for change in changes:
        await nora.get(f"/desk/harbour/services/{service['ref']}")
        seen = seen_in(nora)
        await owner.execute(change, service["id"])
        told.append((await nora.post(nora.path, **SERVICE, seen=seen)).status_code)

    assert told == [409] * len(changes)


async def test_text_left_empty_is_said_as_in_the_first_language(nora: Browser, cast: Cast) -> None:
    await offered(nora, cast, name_fr="Ondes de choc", about_fr="")

    await nora.get("/p/harbour?lang=fr")

    assert ("Ondes de choc" in nora.text, "Ten minutes." in nora.text, "Shockwave" in nora.text) == (True, True, False)


async def test_clients_read_a_service_in_their_language_where_they_choose(nora: Browser, cast: Cast) -> None:
    await offered(nora, cast, **FRENCH)
    service = re.findall(r'/services/(\w+)">Shockwave', nora.text)[0]

    read = {}
    for language in ("en", "fr", "es"):
        await nora.get(f"/p/harbour/book?service={service}&lang={language}")
        read[language] = ("Shockwave" in nora.text, "Ondes de choc" in nora.text)

    assert read == {"en": (True, False), "fr": (False, True), "es": (True, False)}


async def test_texts_that_are_emptied_are_gone(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await offered(nora, cast, **FRENCH)
    service = re.findall(r'/services/(\w+)">Shockwave', nora.text)[0]
    await nora.get(f"/desk/harbour/services/{service}")

    await nora.post(nora.path, **SERVICE, seen=seen_in(nora), name_fr="", about_fr="")

    assert await owner.fetchval("SELECT count(*) FROM service_text") == 0


async def test_group_and_request_are_said_before_one_chooses(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]
    await owner.execute("UPDATE service SET capacity = 8, needs_approval = true WHERE id = $1", service["id"])

    said = {}
    for page in ("/p/harbour", "/p/harbour/book", f"/p/harbour/book?service={service['ref']}"):
        await nora.get(page)
        said[page] = ("Group of up to 8" in nora.text, "On request" in nora.text)

    assert set(said.values()) == {(True, True)}


async def test_staff_are_not_told_to_wait_for_themselves(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]
    await owner.execute("UPDATE service SET capacity = 8, needs_approval = true WHERE id = $1", service["id"])

    await nora.get(f"/desk/harbour/appointments/new?service={service['ref']}")

    assert ("Group of up to 8" in nora.text, "On request" in nora.text) == (True, False)


async def test_need_that_nothing_meets_is_warned_of(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    kind = await kind_made(owner, cast)
    warning = "Nobody can book this at Harbour House: it needs “Laser”, and there is none there."

    await offered(nora, cast, needs=kind["ref"])
    assert (nora.path.endswith("?saved=yes"), "Saved." in nora.text, warning in nora.text) == (True, True, True)

    await nora.get("/desk/harbour/services")
    assert warning in nora.text


async def test_seats_beyond_a_lowered_number_are_kept_and_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]
    await owner.execute("UPDATE service SET capacity = 3 WHERE id = $1", service["id"])
    ten = cast.harbour.at(2026, 11, 24, 10)
    first = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", ten, seat=1)
    shared = asyncpg.Range(first["blocked_from"], first["blocked_until"])
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", ten, seat=2, shares=[shared])
    await nora.get(f"/desk/harbour/services/{service['ref']}")

    await nora.post(nora.path, **SERVICE, seen=seen_in(nora))

    assert "They keep their seats" in nora.text
    assert "Tuesday, November 24, 2026 at 10:00" in nora.text.replace("\u202f", " ")
    assert await owner.fetchval("SELECT count(*) FROM appointment WHERE cancelled_at IS NULL") == 2


async def test_chosen_colour_is_the_calendar_s(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    page = "/desk/harbour/calendar.json?from=2026-11-24&until=2026-11-25"

    tones = [(await nora.get(page)).json()["appointments"][0]["tone"]]
    await owner.execute("UPDATE service SET colour = '#c2377f' WHERE id = $1", service["id"])
    tones.append((await nora.get(page)).json()["appointments"][0]["tone"])
    await nora.get("/desk/harbour?day=2026-11-24")

    assert (tones, "slip tone-18" in nora.text) == ([2, 18], True)


async def test_services_change_places(nora: Browser, cast: Cast) -> None:
    first, last = (cast.harbour.services[name]["ref"] for name in ("First visit", "Follow-up"))
    await nora.get("/desk/harbour/services")

    await nora.post(f"/desk/harbour/services/{last}/position", way="up")

    assert re.findall(r'/services/(\w+)">', nora.page.text) == ["new", last, first]
    assert "Follow-up is now number 1 in the list." in nora.text
    await nora.post(f"/desk/harbour/services/{last}/position", way="up")
    assert "Follow-up is now number 1 in the list." in nora.text


async def test_professional_reads_the_form_and_changes_nothing(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]

    await theo.get(f"/desk/harbour/services/{service['ref']}")
    assert ('<fieldset class="form" disabled' in theo.page.text, "Move up" in theo.text) == (True, False)

    tried = [
        (await theo.post(f"/desk/harbour/services/{service['ref']}{page}", **SERVICE)).status_code
        for page in ("", "/position", "/retirement")
    ]
    assert tried == [404] * 3


@pytest.mark.parametrize("field", ["practitioners", "places", "needs"])
async def test_service_cannot_name_what_is_of_another_practice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, field: str
) -> None:
    at = cast.meadow.tenant.id
    kind = await insert(owner, "resource_kind", tenant_id=at, ref="meadowkind", name="Table", what="equipment")
    of_meadow = {
        "practitioners": cast.meadow.practitioners["Lea Martin"]["ref"],
        "places": cast.meadow.places["Studio"]["ref"],
        "needs": kind["ref"],
    }

    await offered(nora, cast, **{field: of_meadow[field]})

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM service") == 3
