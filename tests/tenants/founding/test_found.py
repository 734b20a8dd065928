"""A practice is founded once, by whoever asks, under a name that is nobody else's."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from portal.database import people_transaction
from tenants.founding.found import SAME_WISH, Wish, found
from tenants.page.slug import check_slug, slug_from
from tenants.refusals import SlugReserved, SlugTaken, SlugUnusable
from tests.cast import CLEO, MONDAY, THEO, Cast

WISH = Wish("", "Clinique du Soleil", "America/Toronto", "fr", "CAD", "CA")
FOUNDED = "SELECT slug, name, published_at, email FROM practice WHERE name = $1 ORDER BY id"


async def found_by(founder: str, wish: Wish = WISH, later: timedelta = timedelta()) -> str:
    async with people_transaction():
        return await found(founder, "192.0.2.1", wish, MONDAY + later)


async def test_founder_is_the_first_admin_of_a_practice_that_nobody_sees_yet(
    cast: Cast, owner: asyncpg.Connection
) -> None:
    slug = await found_by(CLEO)

    practice = await owner.fetchrow("SELECT * FROM practice WHERE slug = $1", slug)
    members = await owner.fetch("SELECT email, role FROM membership WHERE tenant_id = $1", practice["id"])
    assert (slug, practice["zone"], practice["published_at"]) == ("clinique-du-soleil", "America/Toronto", None)
    assert [tuple(row) for row in members] == [(CLEO, "admin")]
    assert await owner.fetchval("SELECT count(*) FROM booking_policy WHERE tenant_id = $1", practice["id"]) == 1


async def test_audit_log_begins_with_who_founded_it(cast: Cast, owner: asyncpg.Connection) -> None:
    await found_by(CLEO)

    told = await owner.fetch("SELECT DISTINCT by_email, ip, did, at FROM audit_entry")
    assert [tuple(row) for row in told] == [(CLEO, "192.0.2.1", "added", MONDAY)]


@pytest.mark.parametrize("slug", ["", "soleil"])
async def test_same_wish_at_once_founds_one_practice(cast: Cast, owner: asyncpg.Connection, slug: str) -> None:
    slugs = await asyncio.gather(*(found_by(CLEO, replace(WISH, slug=slug)) for _ in range(6)))

    assert len(set(slugs)) == 1
    assert len(await owner.fetch(FOUNDED, WISH.name)) == 1


async def test_same_wish_a_while_later_is_another_practice(cast: Cast) -> None:
    slugs = [await found_by(CLEO, later=later) for later in (timedelta(), SAME_WISH / 2, 2 * SAME_WISH)]

    assert slugs == ["clinique-du-soleil", "clinique-du-soleil", "clinique-du-soleil-2"]


async def test_two_founders_of_one_name_get_two_addresses(cast: Cast) -> None:
    slugs = await asyncio.gather(found_by(CLEO), found_by(THEO))

    assert sorted(slugs) == ["clinique-du-soleil", "clinique-du-soleil-2"]


@pytest.mark.parametrize("taken", ["harbour", "quay"])
async def test_address_that_is_or_was_another_s_is_refused_with_free_ones(
    cast: Cast, owner: asyncpg.Connection, taken: str
) -> None:
    """Harbour was called Quay before."""
    await owner.execute("UPDATE practice SET slug = 'quay' WHERE slug = 'harbour'")
    await owner.execute("UPDATE practice SET slug = 'harbour' WHERE slug = 'quay'")

    with pytest.raises(SlugTaken) as refused:
        await found_by(CLEO, replace(WISH, slug=taken))

    assert refused.value.free == (f"{taken}-2", f"{taken}-3", f"{taken}-4")
    assert await owner.fetch(FOUNDED, WISH.name) == []


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Clinique du Soleil", "clinique-du-soleil"),
        ("L’Atelier d'Émilie & Cœur", "l-atelier-d-emilie-coeur"),
        ("Straße 9", "strasse-9"),
        ("  --  ", ""),
        ("整骨院", ""),
        ("A" * 90, "a" * 40),
    ],
)
def test_slug_is_made_of_what_a_name_is_read_as(name: str, slug: str) -> None:
    assert slug_from(name) == slug
    if slug:
        check_slug(slug)


@pytest.mark.parametrize(
    ("slug", "refused"),
    [("-ab", SlugUnusable), ("no good", SlugUnusable), ("é-é", SlugUnusable), ("desk", SlugReserved)],
)
async def test_address_that_cannot_be_one_is_refused(cast: Cast, slug: str, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        await found_by(CLEO, replace(WISH, slug=slug))


@pytest.mark.parametrize(("name", "slug"), [("整骨院", "practice-2"), ("Bo", "bo-2"), ("Desk", "desk-2")])
async def test_name_that_makes_no_address_gets_one_all_the_same(cast: Cast, name: str, slug: str) -> None:
    assert await found_by(CLEO, replace(WISH, name=name)) == slug
