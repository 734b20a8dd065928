import re
from datetime import timedelta

import asyncpg
import pytest

from portal.people.addresses import merge_accounts, remove_address, take_over_address
from portal.people.refusals import LastAddress
from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, NORA, Cast

NEW = "cleo.work@example.com"


@pytest.fixture
async def booked(cast: Cast) -> Cast:
    """One appointment each of Ana's at Meadow and of Ben's at Harbour."""
    await cast.meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10))
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 25, 11))
    return cast


async def proves(browser: Browser, email: str, owner: asyncpg.Connection) -> None:
    """Asks for the address and types the code that it was sent."""
    await browser.get("/addresses")
    await browser.post("/addresses", email=email)
    await browser.post(browser.path, code=await code_sent_to(email, owner))


async def ref_of(email: str, owner: asyncpg.Connection) -> str:
    ref: str = await owner.fetchval("SELECT ref FROM address WHERE email = $1", email)
    return ref


async def undo_link(email: str, owner: asyncpg.Connection) -> str:
    token = await owner.fetchval(
        "SELECT facts->>'undo' FROM account_message WHERE sent_to = $1 AND facts ? 'undo' ORDER BY id DESC LIMIT 1",
        email,
    )
    return f"/addresses/undo/{token}"


async def owners(owner: asyncpg.Connection) -> dict[str, str]:
    """Whose each address is, by first name."""
    rows = await owner.fetch(
        "SELECT email, first_name FROM address JOIN person ON person.id = person_id WHERE email NOT LIKE '%.example'"
    )
    return {row["email"]: row["first_name"] for row in rows}


async def told(kind: str, owner: asyncpg.Connection) -> set[str]:
    rows = await owner.fetch("SELECT sent_to FROM account_message WHERE kind = $1", kind)
    return {row["sent_to"] for row in rows}


async def test_each_address_says_which_practices_it_opens(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    await browser.get("/addresses")

    entries = re.findall(r'<li class="entry">.*?</li>', browser.text, re.DOTALL)
    opened = {
        email: practice
        for entry in entries
        for email in (ANA, ANA_AT_MEADOW)
        for practice in ("Harbour Physiotherapy", "Meadow Massage")
        if email in entry and practice in entry
    }
    assert opened == {ANA: "Harbour Physiotherapy", ANA_AT_MEADOW: "Meadow Massage"}


async def test_staff_see_where_their_address_works(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(NORA, owner)

    await browser.get("/addresses")

    assert re.search(r"Harbour Physiotherapy</a> \(you work there\)", browser.text)


async def test_address_that_is_proved_brings_its_appointments(
    browser: Browser, booked: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("DELETE FROM address WHERE email = $1", ANA_AT_MEADOW)
    await browser.sign_in(ANA, owner)
    before = "Massage" in browser.text

    await proves(browser, ANA_AT_MEADOW, owner)
    said = browser.text
    await browser.get("/appointments")

    assert (before, "Massage" in browser.text) == (False, True)
    assert "It opens one practice" in said


async def test_nothing_is_told_of_an_address_before_its_code(browser: Browser, owner: asyncpg.Connection) -> None:
    """Unknown, another person's, or only on file at a practice: the same pages and the same rows."""
    await owner.execute("DELETE FROM address WHERE email = $1", ANA_AT_MEADOW)
    await browser.sign_in(CLEO, owner)
    answers = set()
    for email in ("nobody.knows@example.org", BEN, ANA_AT_MEADOW):
        await browser.get("/addresses")
        await browser.post("/addresses", email=email)
        asked = (browser.page.status_code, browser.text.replace(email, "…").replace(browser.path, "…"))
        await browser.post(browser.path, code="000000")
        refused = (browser.page.status_code, browser.text.replace(email, "…").replace(browser.path, "…"))
        answers.add((*asked, *refused))

    assert len(answers) == 1
    assert await told("address_code", owner) == {"nobody.knows@example.org", BEN, ANA_AT_MEADOW}


async def test_code_works_for_the_person_who_asked_alone(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(CLEO, owner)
    await browser.get("/addresses")
    await browser.post("/addresses", email=NEW)
    page, code = browser.path, await code_sent_to(NEW, owner)
    ref = page.rsplit("/", 1)[1]
    async with Browser(make_app(clock)) as bens:
        await bens.sign_in(BEN, owner)
        statuses = []
        for path in (page, f"/sign-in/{ref}"):
            await bens.post(path, code=code)
            statuses.append(bens.page.status_code)

    assert statuses == [404, 404]
    assert NEW not in await owners(owner)


async def test_two_people_may_ask_for_one_address_at_once(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """Each has a code of their own; the first to type it has the address, the second is told so."""
    await browser.sign_in(CLEO, owner)
    await browser.get("/addresses")
    await browser.post("/addresses", email=NEW)
    first_code, first_page = await code_sent_to(NEW, owner), browser.path
    clock.now += timedelta(minutes=2)
    async with Browser(make_app(clock)) as bens:
        await bens.sign_in(BEN, owner)
        await proves(bens, NEW, owner)
    await browser.post(first_page, code=first_code)

    assert (await owners(owner))[NEW] == "Ben"
    assert browser.path.endswith("/owner")


async def test_own_address_is_not_added_twice(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/addresses")

    await browser.post("/addresses", email="  ANA@Example.ORG ")

    assert browser.page.status_code == 422
    assert "yours already" in browser.text


@pytest.mark.parametrize("typed", ["", "nobody", "x" * 300 + "@example.org", "ana@example.org\x00", "😀"])
async def test_what_is_no_address_is_said_beside_the_field(
    browser: Browser, owner: asyncpg.Connection, typed: str
) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/addresses")

    await browser.post("/addresses", email=typed)

    assert browser.page.status_code == 422
    assert 'id="error-email"' in browser.page.text
    assert await told("address_code", owner) == set()


async def test_double_click_on_the_code_adds_once(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)
    await browser.get("/addresses")
    await browser.post("/addresses", email=NEW)
    page, code = browser.path, await code_sent_to(NEW, owner)

    answers = []
    for _ in range(2):
        await browser.get(page)
        await browser.post(page, follow=False, code=code)
        answers.append((browser.page.status_code, browser.page.headers["location"]))

    assert answers[0] == answers[1]
    assert await owner.fetchval("SELECT count(*) FROM person_event") == 1


async def test_change_is_told_to_the_other_addresses(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await proves(browser, NEW, owner)
    added = await told("address_added", owner)

    await browser.post(f"/addresses/{await ref_of(NEW, owner)}/removal")

    assert added == {ANA, ANA_AT_MEADOW}
    assert await told("address_removed", owner) == {ANA, ANA_AT_MEADOW, NEW}


async def test_removed_address_takes_its_practices_and_connections_along(
    browser: Browser, booked: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    async with Browser(make_app(clock)) as other:
        await other.sign_in(ANA_AT_MEADOW, owner)
        await browser.sign_in(ANA, owner)
        await browser.get(f"/addresses/{await ref_of(ANA_AT_MEADOW, owner)}/removal")
        warned = "Meadow Massage" in browser.text
        await browser.post(browser.path)
        await other.get("/appointments")
        await browser.get("/appointments")

        assert warned
        assert other.path.startswith("/sign-in")
        assert (browser.path, "Massage" in browser.text) == ("/appointments", False)


async def test_last_address_stays(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)
    ref = await ref_of(CLEO, owner)
    await browser.get(f"/addresses/{ref}/removal")
    shown = "Add another one first" in browser.text

    await browser.post(f"/addresses/{ref}/removal")

    assert (shown, browser.page.status_code) == (True, 422)
    assert (await owners(owner))[CLEO] == "Cleo"


async def test_codes_and_links_sent_to_a_removed_address_die(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await proves(browser, NEW, owner)
    old_link = await undo_link(ANA_AT_MEADOW, owner)
    async with Browser(make_app(clock)) as other:
        await other.get("/sign-in")
        await other.post("/sign-in", email=ANA_AT_MEADOW)
        page, code = other.path, await code_sent_to(ANA_AT_MEADOW, owner)
        await browser.post(f"/addresses/{await ref_of(ANA_AT_MEADOW, owner)}/removal")

        await other.post(page, code=code)
        by_code = other.page.status_code
        await other.get(old_link)

        assert (by_code, other.page.status_code) == (422, 422)


async def test_account_notices_go_to_the_chosen_address(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await browser.get("/addresses")

    await browser.post(f"/addresses/{await ref_of(ANA_AT_MEADOW, owner)}/primary")

    first = re.search(r'<h2 class="address">([^<]+?)\s*<span class="badge">', browser.text)
    assert first is not None
    assert first[1] == ANA_AT_MEADOW


async def test_address_of_another_account_leads_to_a_choice(
    browser: Browser, booked: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(CLEO, owner)
    await proves(browser, BEN, owner)
    asked = (browser.path.endswith("/owner"), BEN in browser.text, (await owners(owner))[BEN])

    await browser.post(browser.path, choice="this")
    await browser.get("/appointments")

    assert asked == (True, True, "Ben")
    assert (await owners(owner))[BEN] == "Cleo"
    assert "Follow-up" in browser.text
    assert await owner.fetchval("SELECT count(*) FROM person_event WHERE kind = 'merged'") == 2, "in both histories"


async def test_the_other_account_may_be_the_one_that_stays(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """With its connections: nobody is signed out by it."""
    async with Browser(make_app(clock)) as bens:
        await bens.sign_in(BEN, owner)
        await browser.sign_in(CLEO, owner)
        clock.now += timedelta(minutes=2)
        await proves(browser, BEN, owner)

        await browser.post(browser.path, choice="other")
        await bens.get("/addresses")

        assert set((await owners(owner)).values()) == {"Ana", "Ben"}
        assert (browser.path, CLEO in browser.text) == ("/addresses", True)
        assert (bens.path, CLEO in bens.text) == ("/addresses", True)


async def test_address_alone_may_move(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)
    await proves(browser, ANA_AT_MEADOW, owner)

    await browser.post(browser.path, choice="address")

    assert await owners(owner) == {ANA: "Ana", ANA_AT_MEADOW: "Cleo", BEN: "Ben", CLEO: "Cleo"}


async def test_only_address_of_another_account_does_not_move_alone(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(CLEO, owner)
    await proves(browser, BEN, owner)
    offered = 'value="address"' in browser.page.text

    await browser.post(browser.path, choice="address")

    assert (offered, browser.page.status_code, (await owners(owner))[BEN]) == (False, 422, "Ben")


async def test_choice_without_a_proof_changes_nothing(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """The proof grows old after a quarter of an hour."""
    await browser.sign_in(CLEO, owner)
    await proves(browser, BEN, owner)
    clock.now += timedelta(minutes=16)

    await browser.post(browser.path, choice="this")

    assert browser.page.status_code == 422
    assert (await owners(owner))[BEN] == "Ben"


async def change(kind: str, browser: Browser, owner: asyncpg.Connection) -> None:
    if kind == "added":
        await proves(browser, NEW, owner)
    elif kind == "removed":
        await browser.get("/addresses")
        await browser.post(f"/addresses/{await ref_of(ANA_AT_MEADOW, owner)}/removal")
    else:
        await proves(browser, BEN, owner)
        await browser.post(browser.path, choice="this")


@pytest.mark.parametrize("kind", ["added", "removed", "merged"])
async def test_link_undoes_the_change_without_being_signed_in(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection, kind: str
) -> None:
    before = await owners(owner)
    await browser.sign_in(ANA, owner)
    await change(kind, browser, owner)
    changed = await owners(owner)
    link = await undo_link(ANA, owner)
    async with Browser(make_app(clock)) as stranger:
        clock.now += timedelta(hours=71)
        await stranger.get(link)
        looked = await owners(owner)
        await stranger.post(link)
        done = await owners(owner)
        await stranger.get(link)

        assert changed != before
        assert (looked, done) == (changed, before)
        assert stranger.page.status_code == 422, "once"


async def test_link_ends_after_72_hours(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection, cast: Cast
) -> None:
    await browser.sign_in(ANA, owner)
    await proves(browser, NEW, owner)
    clock.now += timedelta(hours=72)

    await browser.post(await undo_link(ANA, owner))

    assert browser.page.status_code == 422
    assert (await owners(owner))[NEW] == "Ana"


async def test_link_does_not_undo_what_has_changed_since(
    browser: Browser, clock: TestClock, owner: asyncpg.Connection, cast: Cast
) -> None:
    await browser.sign_in(ANA, owner)
    await proves(browser, NEW, owner)
    link = await undo_link(ANA, owner)
    await owner.execute("UPDATE address SET person_id = $1 WHERE email = $2", cast.ben["id"], NEW)

    await browser.post(link)

    assert browser.page.status_code == 422
    assert (await owners(owner))[NEW] == "Ben"


async def test_address_that_is_nobodys_by_now_merges_nothing(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """Its owner has removed it between the two steps, or it has become this person's own."""
    before = await owners(owner)

    for email in (NEW, CLEO):
        await merge_accounts(cast.cleo["id"], email, "en", clock.now, keep_other=False)
        await take_over_address(cast.cleo["id"], email, "en", clock.now)

    assert await owners(owner) == before
    assert await owner.fetchval("SELECT count(*) FROM person_event") == 0


async def test_nobody_is_left_without_an_address(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> None:
    with pytest.raises(LastAddress):
        await take_over_address(cast.cleo["id"], BEN, "en", clock.now)
    with pytest.raises(LastAddress):
        await remove_address(cast.ben["id"], await ref_of(BEN, owner), "en", clock.now)

    assert (await owners(owner))[BEN] == "Ben"
