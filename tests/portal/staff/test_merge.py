"""Duplicates at the desk: hinted at, told apart, merged side by side, and taken apart again."""

import re
from datetime import timedelta

import asyncpg
import pytest

from portal.staff.merging.facts import COUNTED
from tenants.merge.hanging import MOVES
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, CLEO, MONDAY, NORA, Cast
from tests.factories import ERASE
from tests.messages_made import message_made
from tests.tenants.merge.records import hangs, made, now_of, visit

SEEN = re.compile(r'name="seen" value="(\w+)"')


@pytest.fixture
async def pair(cast: Cast) -> tuple[str, str]:
    """Ana's record and one that looks like hers: their addresses at the desk."""
    await cast.harbour.owner.execute("UPDATE client_record SET phone = '+14165550132' WHERE email = $1", ANA)
    other = await made(cast.harbour, CLEO, first_name="Anna", last_name="Silva", phone="+14165550132")
    return str(cast.harbour.records[ANA]["ref"]), str(other["ref"])


def page_of(pair: tuple[str, str]) -> str:
    return f"/desk/harbour/clients/{pair[0]}/merge/{pair[1]}"


async def merges(nora: Browser, pair: tuple[str, str], **chosen: str) -> None:
    await nora.get(page_of(pair))
    seen = SEEN.findall(nora.text)[0]
    await nora.post(page_of(pair), **{"seen": seen, "first_name": "kept", "reach": "kept"} | chosen)


def test_everything_that_moves_has_words() -> None:
    assert set(COUNTED) == {f"{table}.{column}" for table, column in MOVES}


async def test_record_hints_at_another_of_the_same_person(nora: Browser, pair: tuple[str, str]) -> None:
    await nora.get(f"/desk/harbour/clients/{pair[0]}")

    assert page_of(pair) in nora.text
    assert "same phone · cleo@example.org" in nora.text


async def test_list_names_pairs_until_they_are_told_apart(nora: Browser, pair: tuple[str, str], cast: Cast) -> None:
    await nora.get("/desk/harbour/clients/duplicates")
    listed = page_of(pair) in nora.text

    await nora.post(f"/desk/harbour/clients/{pair[1]}/distinction/{pair[0]}", back="list")

    assert listed
    assert nora.path == "/desk/harbour/clients/duplicates?done=apart"
    assert "You will not be asked again" in nora.text
    assert page_of(pair) not in nora.text
    assert "Twice here?" not in (await nora.get(f"/desk/harbour/clients/{pair[0]}")).text


async def test_record_that_staff_have_just_made_is_looked_at_at_once(
    nora: Browser, pair: tuple[str, str], cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    new = await made(cast.harbour, first_name="Ana", phone="+14165550132", created_at=MONDAY)
    booked = await visit(cast.harbour, new, 10)
    await owner.execute("UPDATE appointment SET booked_at = $1, booked_by = 'staff'", MONDAY)
    there = f"/desk/harbour/clients/{pair[0]}/merge/{new['ref']}"

    told = there in (await nora.get(f"/desk/harbour/appointments/{booked['ref']}")).text
    clock.now += timedelta(hours=2)
    later = there in (await nora.get(f"/desk/harbour/appointments/{booked['ref']}")).text
    clock.now = MONDAY
    await owner.execute("UPDATE client_record SET created_at = created_at - interval '1 day'")
    known_before = there in (await nora.get(f"/desk/harbour/appointments/{booked['ref']}")).text

    assert (told, later, known_before) == (True, False, False)


async def test_form_left_open_writes_nothing_to_a_merged_record(
    nora: Browser, pair: tuple[str, str], owner: asyncpg.Connection
) -> None:
    await merges(nora, pair)
    before = await owner.fetch("SELECT * FROM client_record ORDER BY id")
    old = f"/desk/harbour/clients/{pair[1]}"

    told = [
        (await nora.post(f"{old}/{page}", follow=False, **typed)).status_code
        for page, typed in (
            ("details", {"first_name": "Anna", "seen_first_name": "x"}),
            ("sms", {"sms": "off"}),
            ("own", {"field": "phone"}),
            (f"distinction/{pair[0]}", {}),
        )
        for _ in [await nora.get(f"/desk/harbour/clients/{pair[0]}")]
    ]

    assert told == [404, 404, 404, 303]
    assert await owner.fetch("SELECT * FROM client_record ORDER BY id") == before


async def test_page_says_before_saving_who_will_see_what(nora: Browser, pair: tuple[str, str], cast: Cast) -> None:
    await visit(cast.harbour, cast.harbour.records[CLEO], 10)

    await nora.get(page_of(pair))

    sentences = (
        f"Whoever signs in with {ANA} sees all of it. Whoever signs in with {CLEO} sees none of it any more.",
        f"Whoever signs in with {CLEO} sees all of it. Whoever signs in with {ANA} sees none of it any more.",
        "if somebody books with it, a new record appears",
        "It moves to the record that stays: 1 appointment, with its messages.",
    )
    assert [sentence for sentence in sentences if sentence not in nora.text] == []


async def test_merging_leads_to_what_was_done_and_back(
    nora: Browser, pair: tuple[str, str], cast: Cast, owner: asyncpg.Connection
) -> None:
    booked = await visit(cast.harbour, cast.harbour.records[CLEO], 10)

    await merges(nora, pair, first_name="gone")

    kept = await now_of(owner, cast.harbour.records[ANA])
    assert (kept["first_name"], kept["email"], await hangs(owner, kept)) == ("Anna", ANA, {booked["ref"]})
    assert "The two records are one now." in nora.text
    await nora.post(nora.path.replace("?done=merged", "/undoing"))
    assert nora.path.endswith("?done=undone")
    assert "The two records are apart again." in nora.text
    kept = await now_of(owner, cast.harbour.records[ANA])
    assert (kept["first_name"], await hangs(owner, kept)) == ("Ana", set())


async def test_address_of_a_merged_record_leads_to_the_kept_one(nora: Browser, pair: tuple[str, str]) -> None:
    await merges(nora, pair)

    for page in ("", "/details", f"/merge/{pair[0]}"):
        await nora.get(f"/desk/harbour/clients/{pair[1]}{page}")
        assert nora.path == f"/desk/harbour/clients/{pair[0]}"
        assert nora.page.history[0].status_code == 303
    assert "The record of Anna Silva was merged into this one." in nora.text
    assert f"By {NORA}" in nora.text


async def test_links_and_pages_of_moved_appointments_still_open(
    nora: Browser, pair: tuple[str, str], cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    booked = await visit(cast.harbour, cast.harbour.records[CLEO], 10)
    await message_made(owner, booked, link="Ab3dEf9h", sent_to=CLEO)

    await merges(nora, pair)

    assert (await nora.get(f"/desk/harbour/appointments/{booked['ref']}")).status_code == 200
    assert f'href="/desk/harbour/clients/{pair[0]}"' in nora.text
    async with Browser(make_app(clock)) as somebody:
        assert (await somebody.get("/m/Ab3dEf9h")).status_code == 200
        await somebody.sign_in(ANA, owner)
        assert (await somebody.get(f"/appointments/{booked['ref']}")).status_code == 200
    async with Browser(make_app(clock)) as cleo:
        await cleo.sign_in(CLEO, owner)
        assert (await cleo.get(f"/appointments/{booked['ref']}")).status_code == 404


async def test_what_was_chosen_is_not_lost_when_a_record_changed_meanwhile(
    nora: Browser, pair: tuple[str, str], owner: asyncpg.Connection
) -> None:
    await nora.get(page_of(pair))
    seen = SEEN.findall(nora.text)[0]
    await owner.execute("UPDATE client_record SET last_name = 'Souza' WHERE ref = $1", pair[1])

    await nora.post(page_of(pair), seen=seen, first_name="gone", last_name="kept", reach="gone")

    assert nora.page.status_code == 409
    assert "One of these records has changed meanwhile" in nora.text
    checked = re.findall(r'name="(\w+)" value="(\w+)" required checked', nora.text)
    assert checked == [("first_name", "gone"), ("last_name", "kept"), ("reach", "gone")]
    assert SEEN.findall(nora.text)[0] != seen
    assert await owner.fetchval("SELECT count(*) FROM client_merge") == 0


@pytest.mark.parametrize("typed", [{}, {"reach": "both"}, {"reach": ""}, {"reach": "x" * 500}, {"reach": "\x00"}])
async def test_what_is_no_choice_is_said_beside_its_field(
    nora: Browser, pair: tuple[str, str], owner: asyncpg.Connection, typed: dict[str, str]
) -> None:
    await nora.get(page_of(pair))

    await nora.post(page_of(pair), **{"seen": SEEN.findall(nora.text)[0], "first_name": "kept"} | typed)

    assert nora.page.status_code == 422
    assert 'id="error-reach"' in nora.text
    assert await owner.fetchval("SELECT count(*) FROM client_merge") == 0


async def test_a_parent_and_a_child_are_refused_in_words(nora: Browser, cast: Cast) -> None:
    child = await made(cast.harbour, guardian_id=cast.harbour.records[ANA]["id"])

    await nora.get(f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}/merge/{child['ref']}")

    assert nora.page.status_code == 422
    assert "they are two people" in nora.text


async def test_undo_names_whoever_has_the_address_now(nora: Browser, pair: tuple[str, str], cast: Cast) -> None:
    await merges(nora, pair)
    there = nora.path.removesuffix("?done=merged")
    taker = await made(cast.harbour, CLEO, first_name="Cleo", last_name="Laurent")

    await nora.post(f"{there}/undoing")

    assert nora.page.status_code == 409
    assert f"The address {CLEO} belongs to another record meanwhile: Cleo Laurent." in nora.text
    assert f"/desk/harbour/clients/{taker['ref']}" in nora.text


async def test_undo_is_offered_no_more_after_thirty_days(
    nora: Browser, pair: tuple[str, str], clock: TestClock, owner: asyncpg.Connection
) -> None:
    await merges(nora, pair)
    there = nora.path.removesuffix("?done=merged")
    await owner.execute("UPDATE client_merge SET at = at - interval '31 days'")

    await nora.get(there)

    assert "Undo this merge" not in nora.text
    assert "This merge could be undone until" in nora.text


async def test_what_stayed_is_said(nora: Browser, pair: tuple[str, str], owner: asyncpg.Connection) -> None:
    await merges(nora, pair, first_name="gone")
    there = nora.path.removesuffix("?done=merged")
    await owner.execute("UPDATE client_record SET first_name = 'Anita' WHERE ref = $1", pair[0])

    await nora.post(f"{there}/undoing")

    assert "it was changed after the merge: First name." in nora.text
    assert (await nora.get(f"{there}?done=undone&stayed=<script>,held")).status_code == 200


async def test_page_of_an_erased_merge_tells_nobody_who_it_was(
    nora: Browser, pair: tuple[str, str], owner: asyncpg.Connection
) -> None:
    await merges(nora, pair)
    there = nora.path.removesuffix("?done=merged")
    await owner.execute(ERASE, await owner.fetchval("SELECT id FROM client_record WHERE ref = $1", pair[0]))

    await nora.get(there)

    assert nora.page.status_code == 200
    assert [word for word in (ANA, CLEO, "Anna") if word in nora.text] == []


async def test_merge_stands_under_its_own_records_alone(
    nora: Browser, pair: tuple[str, str], cast: Cast, owner: asyncpg.Connection
) -> None:
    await merges(nora, pair)
    merge = await owner.fetchval("SELECT ref FROM client_merge")

    told = [
        (await nora.get(f"/desk/harbour/clients/{ref}/merges/{merge}")).status_code
        for ref in (pair[0], cast.harbour.records[BEN]["ref"])
    ]

    assert told == [200, 404]
