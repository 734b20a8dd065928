"""Whose word each field of a record is, and what becomes of it when the client says something new."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from portal.database import practice_lens
from tenants.clients.details import Details, hold_details, restore_own, take_details
from tenants.clients.history import changes_of
from tenants.clients.record import Contact, find_or_make_record
from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tests.cast import ANA, BEN, NORA, Cast

NOW = datetime.fromisoformat("2026-11-24T12:00:00+00:00")
MINUTE = timedelta(minutes=1)
SAID = Details("Ana", "Silva", "+14165550132", "")


@pytest.fixture
async def harbour(cast: Cast) -> Tenant:
    """Where Ana has typed her name and a phone at her first booking."""
    async with practice_lens(cast.harbour.tenant):
        await find_or_make_record(
            cast.harbour.tenant, Contact("dee@example.org", "Dee", "", "+14165550100"), NOW, by_client=True
        )
    return cast.harbour.tenant


DEE = "dee@example.org"


async def record(tenant: Tenant, email: str = DEE) -> dict[str, Any]:
    async with practice_lens(tenant):
        row = await ClientRecord.of(tenant).where(ClientRecord.email == email).first()
    assert row is not None
    return row


async def offer(tenant: Tenant, details: Details, minutes: int = 0, email: str = DEE) -> None:
    at = NOW + minutes * MINUTE
    async with practice_lens(tenant):
        await take_details(tenant, email, details, at, said_at=at)


async def hold(tenant: Tenant, **typed: str) -> None:
    ref = (await record(tenant))["ref"]
    async with practice_lens(tenant):
        await hold_details(tenant, ref, typed, NORA, NOW)


async def history(tenant: Tenant) -> list[tuple[str, str, str, str, str]]:
    row = await record(tenant)
    async with practice_lens(tenant):
        lines = await changes_of(tenant, row["id"])
    return [(each["how"], each["by_email"], each["field"], each["before"], each["after"]) for each in lines]


async def test_a_record_takes_what_its_client_says(harbour: Tenant) -> None:
    await offer(harbour, Details("Dee", "Ray", "+14165550199", "+14165550188"))

    row = await record(harbour)

    assert [row[name] for name in ("first_name", "last_name", "phone", "home_phone")] == [
        "Dee",
        "Ray",
        "+14165550199",
        "+14165550188",
    ]
    assert await history(harbour) == [
        ("offered", "", "home_phone", "", "+14165550188"),
        ("offered", "", "phone", "+14165550100", "+14165550199"),
        ("offered", "", "last_name", "", "Ray"),
    ]


async def test_what_a_practice_holds_on_purpose_stays(harbour: Tenant) -> None:
    await hold(harbour, phone="+14165550111")

    await offer(harbour, Details("Dee", "", "+14165550199"))

    row = await record(harbour)
    assert (row["phone"], row["own_phone"], row["held"]) == ("+14165550111", "+14165550199", ["phone"])
    assert await history(harbour) == [
        ("kept_aside", "", "phone", "+14165550100", "+14165550199"),
        ("held", NORA, "phone", "+14165550100", "+14165550111"),
    ]


async def test_restoring_lets_the_clients_own_word_stand_again(harbour: Tenant) -> None:
    await hold(harbour, phone="+14165550111")
    await offer(harbour, Details(phone="+14165550199"))
    ref = (await record(harbour))["ref"]

    async with practice_lens(harbour):
        await restore_own(harbour, ref, "phone", NORA, NOW)

    row = await record(harbour)
    assert (row["phone"], row["held"]) == ("+14165550199", [])
    assert (await history(harbour))[0] == ("restored", NORA, "phone", "+14165550111", "+14165550199")


async def test_typing_the_clients_own_word_again_holds_nothing(harbour: Tenant) -> None:
    await hold(harbour, phone="+14165550111")

    await hold(harbour, phone="+14165550100")

    assert (await record(harbour))["held"] == []


async def test_nothing_held_is_not_restored(harbour: Tenant) -> None:
    ref = (await record(harbour))["ref"]

    for name in ("phone", "email", "ref"):
        with pytest.raises(NotFound):
            async with practice_lens(harbour):
                await restore_own(harbour, ref, name, NORA, NOW)


async def test_an_empty_profile_never_takes_away_what_was_typed_at_a_booking(harbour: Tenant) -> None:
    for minutes in range(2):
        await offer(harbour, Details("Dee", "", "", ""), minutes)

    assert (await record(harbour))["phone"] == "+14165550100"


async def test_a_number_that_was_said_and_is_taken_back_goes(harbour: Tenant) -> None:
    await offer(harbour, Details(phone="+14165550199", home_phone="+14165550188"))

    await offer(harbour, Details(phone="", home_phone=""), minutes=1)

    row = await record(harbour)
    assert (row["phone"], row["home_phone"]) == ("", "")


async def test_names_are_never_emptied(harbour: Tenant) -> None:
    await offer(harbour, Details("Dee", "Ray"))

    await offer(harbour, Details("", ""), minutes=1)

    row = await record(harbour)
    assert (row["first_name"], row["last_name"]) == ("Dee", "Ray")


async def test_an_older_word_that_comes_late_changes_nothing(harbour: Tenant) -> None:
    await offer(harbour, Details(phone="+14165550199"), minutes=5)

    await offer(harbour, Details(phone="+14165550177"), minutes=4)

    assert (await record(harbour))["phone"] == "+14165550199"


async def test_the_same_word_twice_is_one_change(harbour: Tenant) -> None:
    for _ in range(2):
        await offer(harbour, Details(phone="+14165550199"))

    assert len(await history(harbour)) == 1


async def test_what_staff_wrote_is_not_the_clients_word(cast: Cast) -> None:
    """And gives way to it, unless it is held on purpose."""
    tenant = cast.harbour.tenant
    async with practice_lens(tenant):
        await find_or_make_record(tenant, Contact(DEE, "Didi", "", "+14165550100"), NOW)
    before = await record(tenant)

    await offer(tenant, Details("Dee", "", "+14165550199"))

    after = await record(tenant)
    assert (before["own_first_name"], before["own_phone"]) == (None, None)
    assert (after["first_name"], after["phone"]) == ("Dee", "+14165550199")


async def test_nobody_elses_record_is_touched(cast: Cast) -> None:
    ben, elsewhere = await record(cast.harbour.tenant, BEN), await record(cast.meadow.tenant, "ana.silva@example.com")

    await offer(cast.harbour.tenant, SAID, email=ANA)
    await offer(cast.harbour.tenant, SAID, email="ana.silva@example.com")

    assert await record(cast.harbour.tenant, BEN) == ben
    assert await record(cast.meadow.tenant, "ana.silva@example.com") == elsewhere


async def test_a_record_of_another_practice_is_not_found(cast: Cast) -> None:
    ref = (await record(cast.harbour.tenant, BEN))["ref"]

    with pytest.raises(NotFound):
        async with practice_lens(cast.meadow.tenant):
            await hold_details(cast.meadow.tenant, ref, {"phone": "+33612345678"}, NORA, NOW)
