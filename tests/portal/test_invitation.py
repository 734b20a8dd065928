"""An invitation by its link: read by whoever has it, accepted by its address alone."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import quote

import asyncpg
import pytest

from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import ANA, BEN, CLEO, MONDAY, NORA, THEO, Cast
from tests.factories import insert

KEY = "an-invitation-s-own-ke"
PAGE = f"/invitations/{KEY}"


@pytest.fixture
async def invitation(cast: Cast, owner: asyncpg.Connection) -> None:
    """Of Cleo, to Harbour's reception."""
    await owner.execute("UPDATE person SET last_name = 'Blake' WHERE id = $1", cast.nora["id"])
    await insert(
        owner,
        "invitation",
        tenant_id=cast.harbour.tenant.id,
        ref="aninvitati",
        key=KEY,
        email=CLEO,
        role="receptionist",
        by_email=NORA,
        created_at=MONDAY,
        expires_at=MONDAY + timedelta(days=7),
    )


@pytest.fixture
async def cleo(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(CLEO, owner)
        yield browser


pytestmark = pytest.mark.usefixtures("invitation")


async def is_member(owner: asyncpg.Connection) -> bool:
    found: bool = await owner.fetchval(
        "SELECT EXISTS (SELECT FROM membership WHERE email = $1 AND ended_at IS NULL)", CLEO
    )
    return found


async def test_stranger_reads_who_invites_to_what_before_signing_in(browser: Browser) -> None:
    await browser.get(PAGE)

    assert "Nora Blake invites you to work at Harbour Physiotherapy at the reception." in browser.text
    assert ("cl•••@example.org" in browser.text, CLEO in browser.text) == (True, False)
    assert f'href="/sign-in?next={quote(PAGE, safe="")}"' in browser.page.text


async def test_signing_in_leads_back_and_one_click_to_the_desk(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get(f"/sign-in?next={PAGE}")
    await browser.post("/sign-in", email=CLEO, next=PAGE)
    await browser.post(browser.path, code=await code_sent_to(CLEO, owner))
    back = browser.path

    await browser.post(f"{PAGE}/acceptance")

    assert (back, browser.path) == (PAGE, "/desk/harbour?welcome=yes")
    assert "Welcome to Harbour Physiotherapy!" in browser.text
    assert await is_member(owner)


async def test_accepting_without_signing_in_leads_there(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get(PAGE)

    await browser.post(f"{PAGE}/acceptance")

    assert (browser.path.startswith("/sign-in?next="), await is_member(owner)) == (True, False)


async def test_who_has_it_as_second_address_accepts_too(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE address SET person_id = $1 WHERE email = $2", cast.ben["id"], CLEO)
    await browser.sign_in(BEN, owner)
    await browser.get(PAGE)

    await browser.post(f"{PAGE}/acceptance")

    assert browser.path == "/desk/harbour?welcome=yes"


async def test_another_address_is_told_which_and_what_to_do(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(BEN, owner)
    await browser.get(PAGE)
    told = [
        words in browser.text for words in (BEN, "cl•••@example.org", "Add it to this account", f"{PAGE}/acceptance")
    ]

    await browser.post(f"{PAGE}/acceptance")

    assert told == [True, True, True, False]
    assert (browser.page.status_code, "sent to another address, cl•••@example.org" in browser.text) == (422, True)
    assert not await is_member(owner)


async def test_adding_the_address_leads_back_to_the_invitation(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("DELETE FROM address WHERE email = $1", CLEO)
    await browser.sign_in(BEN, owner)
    await browser.get(f"/addresses?next={PAGE}")
    await browser.post("/addresses", email=CLEO, next=PAGE)

    await browser.post(browser.path, code=await code_sent_to(CLEO, owner))

    assert (browser.path, "Accept the invitation" in browser.text) == (PAGE, True)


async def test_signing_in_with_it_instead_leads_back(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(BEN, owner)
    await browser.get(PAGE)

    await browser.post("/sign-out", next=f"/sign-in?next={PAGE}")

    assert browser.path == f"/sign-in?next={PAGE}"
    assert f'name="next" value="{PAGE}"' in browser.page.text


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/\\evil.example"])
async def test_signing_out_leads_nowhere_else(browser: Browser, owner: asyncpg.Connection, next: str) -> None:  # noqa: A002
    await browser.sign_in(BEN, owner)
    await browser.get(PAGE)

    await browser.post("/sign-out", next=next, follow=False)

    assert browser.page.headers["location"] == "/"


async def test_second_tab_is_told_that_it_is_done(cleo: Browser, owner: asyncpg.Connection) -> None:
    await cleo.get(PAGE)
    token = cleo.page.text.split('name="_csrf" value="')[1].split('"')[0]
    await cleo.post(f"{PAGE}/acceptance")

    await cleo.post(f"{PAGE}/acceptance", token=token)
    second = (cleo.page.status_code, "You work here already" in cleo.text, 'href="/desk/harbour"' in cleo.page.text)
    await cleo.get(PAGE)

    assert second == (409, True, True)
    assert (cleo.page.status_code, "It serves only once." in cleo.text) == (410, True)


async def test_clicks_in_two_tabs_at_the_same_moment(cleo: Browser, owner: asyncpg.Connection) -> None:
    await cleo.get(PAGE)
    token = cleo.page.text.split('name="_csrf" value="')[1].split('"')[0]

    answers = await asyncio.gather(
        *(cleo.http.post(f"{PAGE}/acceptance", data={"_csrf": token}, follow_redirects=False) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    assert await owner.fetchval("SELECT count(*) FROM membership WHERE email = $1", CLEO) == 1


@pytest.mark.parametrize(
    ("became", "words"),
    [
        ("accepted_at = '2026-11-23 14:00+00'", "This invitation was accepted on"),
        ("declined_at = '2026-11-23 14:00+00'", "This invitation was declined on"),
        ("withdrawn_at = '2026-11-23 14:00+00'", "The practice withdrew this invitation on"),
        ("expires_at = '2026-11-23 12:00+00'", "This invitation could be accepted until"),
    ],
)
async def test_what_became_of_it_is_told_apart(
    browser: Browser, cleo: Browser, owner: asyncpg.Connection, became: str, words: str
) -> None:
    await cleo.get(PAGE)
    token = cleo.page.text.split('name="_csrf" value="')[1].split('"')[0]
    await owner.execute(f"UPDATE invitation SET {became}")

    await browser.get(PAGE)
    await cleo.post(f"{PAGE}/acceptance", token=token)
    late = (cleo.page.status_code, words in cleo.text)
    await cleo.post(f"{PAGE}/refusal", token=token)

    assert (browser.page.status_code, words in browser.text) == (410, True)
    assert (late, cleo.page.status_code) == ((409, True), 409)
    assert not await is_member(owner)


async def test_declining_takes_no_account(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.get(PAGE)

    await browser.post(f"{PAGE}/refusal")

    assert (browser.page.status_code, "The invitation is declined" in browser.text) == (200, True)
    assert await owner.fetchval("SELECT declined_at FROM invitation") == MONDAY


async def test_who_came_back_has_what_the_invitation_says(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE membership SET ended_at = $1 WHERE email = $2", MONDAY, THEO)
    await owner.execute("UPDATE invitation SET email = $1", THEO)
    await browser.sign_in(THEO, owner)
    await browser.get(PAGE)

    await browser.post(f"{PAGE}/acceptance")

    row = await owner.fetchrow("SELECT role, practitioner_id, ended_at FROM membership WHERE email = $1", THEO)
    assert (browser.path, tuple(row)) == ("/desk/harbour?welcome=yes", ("receptionist", None, None))


async def test_reader_who_says_nothing_reads_the_practice_s_language(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE invitation SET tenant_id = $1", cast.meadow.tenant.id)
    async with Browser(make_app(clock)) as browser:
        del browser.http.headers["accept-language"]
        await browser.get(PAGE)

    assert '<html lang="fr' in browser.page.text


@pytest.mark.parametrize("key", ["nope", "x" * 22, "x" * 500, "an-invitation-s-own-k%C3%A9", "%27%20OR%201=1--"])
async def test_other_keys_lead_nowhere(browser: Browser, key: str) -> None:
    assert (await browser.get(f"/invitations/{key}")).status_code == 404


async def test_acceptance_is_told_in_the_audit_log_by_whom(cleo: Browser, owner: asyncpg.Connection) -> None:
    await cleo.get(PAGE)
    await cleo.post(f"{PAGE}/acceptance")

    rows = await owner.fetch("SELECT by_email, what, did, before, after FROM audit_entry ORDER BY id")
    assert [(row["by_email"], row["what"], row["did"]) for row in rows] == [
        (CLEO, "membership", "added"),
        (CLEO, "invitation", "changed"),
    ]
    assert KEY not in json.dumps([dict(row) for row in rows])


async def test_receptionist_who_joined_sees_what_the_role_allows(cleo: Browser) -> None:
    await cleo.get(PAGE)
    await cleo.post(f"{PAGE}/acceptance")

    told = [
        (await cleo.get(f"/desk/harbour/{page}")).status_code for page in ("clients", "services", "team", "transfers")
    ]

    assert told == [200, 200, 404, 404]
    assert ANA not in cleo.text
