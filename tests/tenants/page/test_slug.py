import asyncio
from contextlib import suppress

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.database import practice_lens
from tenants.page.slug import LONGEST, SHORTEST, change_slug, check_slug, free_slugs, slug_from
from tenants.refusals import SlugReserved, SlugTaken
from tests.cast import Cast


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Harbour Physiotherapy", "harbour-physiotherapy"),
        ("Cabinet d’ostéopathie Œuvrée", "cabinet-d-osteopathie-oeuvree"),
        ("  Straße & Söhne  ", "strasse-sohne"),
        ("整体院", ""),
        ("Physiotherapy by the water for everybody in town", "physiotherapy-by-the-water-for-everybody"),
        ("a" * 60, "a" * 40),
    ],
)
def test_name_becomes_an_address(name: str, slug: str) -> None:
    assert slug_from(name) == slug


@given(some.text(max_size=200))
def test_address_of_any_name_could_be_one_but_for_its_length(name: str) -> None:
    slug = slug_from(name)

    assert len(slug) <= LONGEST
    if len(slug) >= SHORTEST:
        with suppress(SlugReserved):
            check_slug(slug)


async def test_two_practices_want_one_address_and_one_gets_it(cast: Cast, owner: asyncpg.Connection) -> None:
    async def want(number: int) -> str:
        practice = (cast.harbour, cast.meadow)[number % 2].tenant
        try:
            async with practice_lens(practice):
                await change_slug(practice, "pier", practice.slug)
        except SlugTaken as refusal:
            return f"taken, {refusal.free[0]} is free"
        return "moved"

    told = await asyncio.gather(*(want(number) for number in range(2)))

    assert sorted(told) == ["moved", "taken, pier-meadow-massage is free"] or sorted(told) == [
        "moved",
        "taken, pier-harbour-physiotherapy is free",
    ]
    assert await owner.fetchval("SELECT count(*) FROM practice WHERE slug = 'pier'") == 1


async def test_former_address_is_nobody_else_s_and_one_s_own_again(cast: Cast, owner: asyncpg.Connection) -> None:
    harbour, meadow = cast.harbour.tenant, cast.meadow.tenant
    async with practice_lens(harbour):
        await change_slug(harbour, "pier", "harbour")

    async with practice_lens(meadow):
        with pytest.raises(SlugTaken):
            await change_slug(meadow, "harbour", "meadow")
    async with practice_lens(harbour):
        await change_slug(harbour, "harbour", "pier")

    assert await owner.fetchval("SELECT slug FROM practice WHERE id = $1", harbour.id) == "harbour"
    assert [row["slug"] for row in await owner.fetch("SELECT slug FROM former_slug")] == ["pier"]


async def test_free_addresses_are_really_free(cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET slug = 'harbour-2' WHERE slug = 'meadow'")

    async with practice_lens(cast.harbour.tenant):
        free = await free_slugs("harbour")

    assert free == ["harbour-3", "harbour-4", "harbour-5"]
