"""The address of a record, and with it who sees what in the portal; children under an adult's."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, NORA, Cast

HERE = "/desk/harbour/clients"


@pytest.fixture
async def ana(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(ANA, owner)
        yield browser


@pytest.fixture
async def cleo(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(CLEO, owner)
        yield browser


def of(cast: Cast, email: str) -> str:
    return f"{HERE}/{cast.harbour.records[email]['ref']}"


async def child(nora: Browser, cast: Cast, owner: asyncpg.Connection, name: str = "Léo") -> str:
    """Ana's, made by Nora; the page of its record."""
    await nora.get(f"{of(cast, ANA)}/children/new")
    await nora.post(f"{of(cast, ANA)}/children/new", first_name=name, last_name="Silva", birthday="2019-06-01")
    cast.harbour.records[name] = dict(await owner.fetchrow("SELECT * FROM client_record WHERE first_name = $1", name))
    return of(cast, name)


async def test_changing_the_address_moves_what_is_seen(
    nora: Browser, ana: Browser, cleo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    visit = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await nora.get(f"{of(cast, ANA)}/email")
    warned = "This changes who sees this record." in nora.text and f"The owner of {ANA}" in nora.text

    await nora.post(f"{of(cast, ANA)}/email", email="CLEO@example.org")

    seen = [(await each.get(f"/appointments/{visit['ref']}")).status_code for each in (ana, cleo)]
    assert (warned, seen) == (True, [404, 200])
    row = await owner.fetchrow("SELECT how, by_email, field, before, after FROM client_change")
    assert tuple(row) == ("changed", NORA, "email", ANA, CLEO)


async def test_removing_the_address_shows_the_record_to_nobody(
    nora: Browser, ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    visit = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await nora.get(f"{of(cast, ANA)}/email")

    await nora.post(f"{of(cast, ANA)}/email", email="")

    assert (await ana.get(f"/appointments/{visit['ref']}")).status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE email = $1", ANA) == 0


async def test_address_of_another_record_is_refused(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(f"{of(cast, ANA)}/email")

    await nora.post(f"{of(cast, ANA)}/email", email="Ben@Example.org")

    assert nora.page.status_code == 409
    assert "The record of Ben Okafor has this address already." in nora.text
    assert f'href="{of(cast, BEN)}"' in nora.text
    assert 'value="Ben@Example.org"' in nora.text
    assert await owner.fetchval("SELECT count(*) FROM client_change") == 0


@pytest.mark.parametrize("typed", ["nobody", "a\0b", "x" * 300 + "@example.org"])
async def test_what_is_no_address_is_refused(nora: Browser, cast: Cast, typed: str) -> None:
    await nora.get(f"{of(cast, ANA)}/email")

    await nora.post(f"{of(cast, ANA)}/email", email=typed)

    assert nora.page.status_code == 422


async def test_child_is_seen_by_the_adult_alone_and_told_apart(
    nora: Browser, ana: Browser, cleo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await child(nora, cast, owner)
    at = cast.harbour.at(2026, 11, 25, 10)
    leos = await cast.harbour.appointment("Léo", "Follow-up", "Nora Blake", at, note="Left arm")
    own = await cast.harbour.appointment(ANA, "Follow-up", "Theo Roy", at)
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10))

    await ana.get("/appointments")
    listed = ana.text.count("for Léo")
    await ana.get(f"/appointments/{leos['ref']}")
    told = "for Léo" in ana.text
    calendar = (await ana.get(f"/appointments/{leos['ref']}/calendar.ics")).text
    await ana.get(f"/appointments/{own['ref']}")

    assert (listed, told, "for Léo" in ana.text) == (1, True, False)
    assert "SUMMARY:Harbour Physiotherapy – Nora Blake\\, for Léo" in calendar.replace("\r\n ", "")
    assert (await cleo.get(f"/appointments/{leos['ref']}")).status_code == 404
    await nora.get(f"{HERE}?q=leo")
    assert "child of Ana Silva" in nora.text
    await nora.get(page)
    assert "child of Ana Silva" in nora.text
    assert "7 years" in nora.text.replace("\xa0", " ")


async def test_adult_cancels_and_moves_for_the_child(
    nora: Browser, ana: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await child(nora, cast, owner)
    moved, cancelled = [
        await cast.harbour.appointment("Léo", "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 26, hour))
        for hour in (10, 11)
    ]
    await ana.get(f"/appointments/{moved['ref']}/move?day=2026-11-27")
    assert "for Léo" in ana.text
    await ana.post(f"/appointments/{moved['ref']}/move", start="2026-11-27T10:00:00-05:00")
    await ana.get(f"/appointments/{cancelled['ref']}/cancellation")
    await ana.post(f"/appointments/{cancelled['ref']}/cancellation", reason="")

    rows = await owner.fetch("SELECT moved_at, cancelled_at FROM appointment ORDER BY id")
    assert [tuple(at is not None for at in row) for row in rows] == [(True, False), (False, True)]


async def test_child_set_free_leaves_the_adult_at_once(
    nora: Browser, ana: Browser, cleo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await child(nora, cast, owner)
    leos = await cast.harbour.appointment("Léo", "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    before = (await ana.get(f"/appointments/{leos['ref']}")).status_code
    await nora.get(f"{page}/email")
    warned = "Ana Silva sees nothing of it any more" in nora.text

    await nora.post(f"{page}/email", email=CLEO)

    after = [(await each.get(f"/appointments/{leos['ref']}")).status_code for each in (ana, cleo)]
    assert (before, warned, after) == (200, True, [404, 200])
    assert leos["ref"] not in (await ana.get("/appointments")).text
    assert "for Léo" not in (await cleo.get("/appointments")).text
    changes = await owner.fetch("SELECT field, before, after FROM client_change WHERE how = 'changed' ORDER BY id")
    assert [tuple(row) for row in changes] == [
        ("guardian", "", "Ana Silva"),
        ("guardian", "Ana Silva", ""),
        ("email", "", CLEO),
    ]


async def test_children_follow_the_adult_to_another_address(
    nora: Browser, ana: Browser, cleo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await child(nora, cast, owner)
    leos = await cast.harbour.appointment("Léo", "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await nora.get(f"{of(cast, ANA)}/email")
    assert "The same holds for the record of one child." in nora.text

    await nora.post(f"{of(cast, ANA)}/email", email=CLEO)

    assert [(await each.get(f"/appointments/{leos['ref']}")).status_code for each in (ana, cleo)] == [404, 200]


async def test_child_has_no_children(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await child(nora, cast, owner)

    await nora.post(f"{page}/children/new", first_name="Mia")

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM client_record WHERE guardian_id IS NOT NULL") == 1


async def test_child_without_a_name_is_refused(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(f"{of(cast, ANA)}/children/new")

    await nora.post(f"{of(cast, ANA)}/children/new", first_name=" ", last_name="Silva", birthday="2019-02-30")

    assert nora.page.status_code == 422
    assert ('id="error-first_name"' in nora.text, 'id="error-birthday"' in nora.text) == (True, True)


async def test_search_for_a_booking_tells_whose_child_it_is(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await child(nora, cast, owner)
    service, theo = cast.harbour.services["Follow-up"]["ref"], cast.harbour.practitioners["Theo Roy"]["ref"]

    await nora.get(
        "/desk/harbour/appointments/new",
        params={"service": service, "practitioner": theo, "start": "2026-11-24T10:00:00-05:00", "q": "leo"},
    )

    assert "child of Ana Silva" in nora.text
