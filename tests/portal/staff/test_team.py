"""Who works here: the list, inviting, changing, ending and leaving, as the pages of the desk do it."""

import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, CLEO, LEA, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.portal.staff.forms import seen_in

TEAM = "/desk/harbour/team"
INVITE = f"{TEAM}/invitations/new"
OFFER = {"email": CLEO, "role": "receptionist", "practitioner": "nobody"}


async def invite(browser: Browser, **more: str) -> None:
    await browser.get(INVITE)
    fields: dict[str, Any] = OFFER | more
    await browser.post(f"{TEAM}/invitations", **fields)


async def letters(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch("SELECT sent_to FROM account_message WHERE kind = 'invitation' ORDER BY id")
    return [row["sent_to"] for row in rows]


async def page_of(browser: Browser, owner: asyncpg.Connection, email: str, page: str = "") -> str:
    ref = await owner.fetchval("SELECT ref FROM membership WHERE email = $1", email)
    path = f"{TEAM}/members/{ref}{page}"
    await browser.get(path)
    return path


def entries(browser: Browser) -> list[str]:
    found = re.findall(r'<li class="entry[^"]*">(.*?)</li>', browser.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


# The list


async def test_list_tells_of_each_who_and_what(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute(
        "UPDATE membership SET sees_all_clients = false, sees_contacts = false, joined_at = $2 WHERE email = $1",
        THEO,
        MONDAY - timedelta(days=30),
    )
    await owner.execute("UPDATE person SET last_name = 'Roy' WHERE id = $1", cast.theo["id"])

    await nora.get(TEAM)

    kept = "Sees their own clients only Sees no e-mail address and no phone number"
    assert entries(nora) == [
        f"Nora you Admin As practitioner Nora Blake {NORA}",
        f"Theo Roy Professional As practitioner Theo Roy {kept} {THEO} · since October 24, 2026",
    ]


@pytest.mark.parametrize("path", ["", "/invitations/new", "/members/nope", "/members/nope/end"])
async def test_team_is_the_admins(theo: Browser, path: str) -> None:
    assert (await theo.get(TEAM + path)).status_code == 404


async def test_name_of_who_has_only_been_invited_is_not_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Whether a stranger's address has an account is nobody's to learn."""
    await owner.execute("UPDATE person SET last_name = 'Laurent' WHERE id = $1", cast.cleo["id"])
    await invite(nora)

    assert CLEO in nora.text
    assert "Laurent" not in nora.text


# Inviting


async def test_invitation_is_written_down_and_mailed(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora, email=" Cleo@Example.org ")

    row = await owner.fetchrow("SELECT * FROM invitation")
    assert (row["email"], row["role"], row["by_email"]) == ("cleo@example.org", "receptionist", NORA)
    assert await letters(owner) == ["cleo@example.org"]
    assert "The invitation to cleo@example.org is on its way." in nora.text
    assert "Open until Monday, November 30, 2026 at 8:00" in nora.text.replace("\u202f", " ")


async def test_professional_is_invited_as_a_new_practitioner(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora, role="professional", practitioner="new", new_practitioner="Cleo Laurent", sees_contacts="yes")

    row = await owner.fetchrow("SELECT * FROM invitation")
    told = (row["new_practitioner"], row["practitioner_id"], row["sees_all_clients"], row["sees_contacts"])
    assert told == ("Cleo Laurent", None, False, True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "cleo"}, "email"),
        ({"email": "c" * 300 + "@example.org"}, "email"),
        ({"email": THEO}, "email"),
        ({"role": ""}, "role"),
        ({"role": "owner"}, "role"),
        ({"role": "professional"}, "practitioner"),
        ({"role": "professional", "practitioner": ""}, "practitioner"),
        ({"role": "admin", "practitioner": "nope"}, "practitioner"),
        ({"role": "professional", "practitioner": "new"}, "new_practitioner"),
        ({"role": "admin", "practitioner": "new", "new_practitioner": "x" * 121}, "new_practitioner"),
        ({"role": "admin", "practitioner": "new", "new_practitioner": "Cle\0o"}, "new_practitioner"),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field(
    nora: Browser, owner: asyncpg.Connection, more: dict[str, str], field: str
) -> None:
    await invite(nora, **more)

    assert (nora.page.status_code, f'href="#field-{field}"' in nora.page.text) == (422, True)
    assert f'id="error-{field}"' in nora.page.text
    assert (await owner.fetchval("SELECT count(*) FROM invitation"), await letters(owner)) == (0, [])


@pytest.mark.parametrize("role", ["admin", "receptionist"])
async def test_who_is_new_and_has_no_name_is_no_practitioner(
    nora: Browser, owner: asyncpg.Connection, role: str
) -> None:
    await invite(nora, role=role, practitioner="new", new_practitioner=" ")

    row = await owner.fetchrow("SELECT * FROM invitation")
    assert (row["role"], row["new_practitioner"], row["practitioner_id"]) == (role, "", None)


async def test_practitioner_who_signs_in_is_not_offered(nora: Browser, cast: Cast) -> None:
    free = await cast.harbour.practitioner("Lea Martin")

    await nora.get(INVITE)

    assert re.findall(r'<option value="([^"]*)"', nora.page.text) == ["nobody", free["ref"], "new"]


async def test_who_is_invited_already_is_not_invited_twice(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora)
    await invite(nora)

    assert nora.page.status_code == 422
    assert f"{CLEO} has been invited already" in nora.text
    assert (await owner.fetchval("SELECT count(*) FROM invitation"), len(await letters(owner))) == (1, 1)


async def test_invitations_have_a_pace_and_nothing_typed_is_lost(nora: Browser, owner: asyncpg.Connection) -> None:
    for number in range(30):
        await invite(nora, email=f"client{number}@example.org")
    await invite(nora, email="client30@example.org")

    assert (nora.page.status_code, 'value="client30@example.org"' in nora.page.text) == (429, True)
    assert len(await letters(owner)) == 30


async def test_sending_again_mails_another_link(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora)
    ref, key = await owner.fetchrow("SELECT ref, key FROM invitation")

    await nora.post(f"{TEAM}/invitations/{ref}/again")

    assert f"A new link is on its way to {CLEO}" in nora.text
    assert await letters(owner) == [CLEO, CLEO]
    assert await owner.fetchval("SELECT key FROM invitation") != key


async def test_withdrawing_closes_the_link_and_says_so(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora)
    ref = await owner.fetchval("SELECT ref FROM invitation")

    await nora.post(f"{TEAM}/invitations/{ref}/withdrawal")

    assert "The invitation is withdrawn: its link works no more." in nora.text
    assert "Nobody is invited at the moment." in nora.text


async def test_what_was_answered_meanwhile_is_told(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora)
    ref = await owner.fetchval("SELECT ref FROM invitation")
    await owner.execute("UPDATE invitation SET declined_at = $1", MONDAY)

    for action in ("again", "withdrawal"):
        await nora.post(f"{TEAM}/invitations/{ref}/{action}")
        assert (nora.page.status_code, "This invitation was declined on" in nora.text) == (409, True)


async def test_expired_invitation_is_marked_and_can_be_sent_again(
    nora: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await invite(nora)
    clock.now = MONDAY + timedelta(days=8)
    await nora.get(TEAM)
    marked = "expired" in nora.text

    ref = await owner.fetchval("SELECT ref FROM invitation")
    await nora.post(f"{TEAM}/invitations/{ref}/again")

    assert (marked, "Open until" in nora.text) == (True, True)


# One member


async def test_switches_are_changed_and_hold_at_once(nora: Browser, theo: Browser, owner: asyncpg.Connection) -> None:
    path = await page_of(nora, owner, THEO)
    practitioner = re.findall(r'<option value="([^"]*)" selected>', nora.page.text)[0]

    await nora.post(path, role="professional", practitioner=practitioner, seen=seen_in(nora))

    row = await owner.fetchrow("SELECT * FROM membership WHERE email = $1", THEO)
    assert (row["sees_all_clients"], row["sees_contacts"], row["practitioner_id"] is None) == (False, False, False)
    assert f"Saved. It holds from the next click of {THEO} on." in nora.text
    assert (await theo.get("/desk/harbour/clients/duplicates")).status_code == 404


async def test_change_that_was_not_seen_asks_again_with_what_was_typed(
    nora: Browser, owner: asyncpg.Connection
) -> None:
    path = await page_of(nora, owner, THEO)
    seen = seen_in(nora)
    await owner.execute("UPDATE membership SET sees_contacts = false WHERE email = $1", THEO)

    await nora.post(path, role="receptionist", practitioner="nobody", seen=seen)
    status, box = nora.page.status_code, re.findall(r'<input type="radio"[^>]*value="receptionist"[^>]*>', nora.text)[0]
    await nora.post(path, role="receptionist", practitioner="nobody", seen=seen_in(nora))

    assert (status, "checked" in box) == (409, True)
    assert await owner.fetchval("SELECT role FROM membership WHERE email = $1", THEO) == "receptionist"


async def test_last_admin_keeps_the_role_and_reads_why(nora: Browser, owner: asyncpg.Connection) -> None:
    path = await page_of(nora, owner, NORA)

    await nora.post(path, role="receptionist", practitioner="nobody", seen=seen_in(nora))

    assert (nora.page.status_code, 'id="error-role"' in nora.page.text) == (422, True)
    assert "the practice’s only admin" in nora.text
    assert await owner.fetchval("SELECT role FROM membership WHERE email = $1", NORA) == "admin"


async def test_admin_who_hands_over_stands_at_the_desk(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await insert(owner, "membership", tenant_id=cast.harbour.tenant.id, email=CLEO, role="admin")
    path = await page_of(nora, owner, NORA)

    await nora.post(path, role="receptionist", practitioner="nobody", seen=seen_in(nora))

    assert (nora.page.status_code, nora.path) == (200, "/desk/harbour")


# Ending


async def test_ending_asks_says_what_happens_and_can_be_undone(
    nora: Browser, theo: Browser, owner: asyncpg.Connection
) -> None:
    path = await page_of(nora, owner, THEO, "/end")
    asked = "Theo Roy stays a practitioner" in nora.text

    await nora.post(path)
    closed = (f"The desk is closed to {THEO}." in nora.text, (await theo.get("/desk/harbour")).status_code)
    undo = re.findall(r'action="([^"]*/return)"', nora.page.text)[0]
    await nora.post(undo)

    assert (asked, closed) == (True, (True, 404))
    assert ("They work here again, as before." in nora.text, (await theo.get("/desk/harbour")).status_code) == (
        True,
        200,
    )


async def test_undo_is_offered_for_an_hour(nora: Browser, owner: asyncpg.Connection, clock: TestClock) -> None:
    path = await page_of(nora, owner, THEO, "/end")
    await nora.post(path)
    there, undo = nora.path, re.findall(r'action="([^"]*/return)"', nora.page.text)[0]
    clock.now = MONDAY + timedelta(hours=1)

    await nora.post(undo)
    late = (nora.page.status_code, "This could be undone until" in nora.text)
    await nora.get(there)

    assert late == (409, True)
    assert "/return" not in nora.page.text
    assert f'/team/invitations/new?email={THEO.replace("@", "%40")}"' in nora.page.text


async def test_oneself_is_not_ended_but_leaves(nora: Browser, owner: asyncpg.Connection) -> None:
    await page_of(nora, owner, NORA, "/end")

    assert nora.path == f"{TEAM}/leaving"


# Leaving


async def test_everybody_finds_the_way_out_and_takes_it(theo: Browser, owner: asyncpg.Connection) -> None:
    await theo.get("/desk/harbour")
    way = f'href="{TEAM}/leaving"' in theo.page.text
    await theo.get(f"{TEAM}/leaving")

    await theo.post(f"{TEAM}/leaving")

    assert (way, theo.path) == (True, "/appointments?left=yes")
    assert "You have left the practice" in theo.text
    assert (await theo.get("/desk/harbour")).status_code == 404
    assert await owner.fetchval("SELECT ended_at FROM membership WHERE email = $1", THEO) == MONDAY


async def test_last_admin_is_told_before_they_try(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{TEAM}/leaving")
    shown = (nora.page.status_code, "the practice’s only admin" in nora.text)

    await nora.post(f"{TEAM}/leaving")

    assert (shown, nora.page.status_code) == ((200, True), 422)
    assert await owner.fetchval("SELECT ended_at FROM membership WHERE email = $1", NORA) is None


# Where one is


async def works_at_both(cast: Cast, owner: asyncpg.Connection, email: str) -> None:
    await insert(owner, "membership", tenant_id=cast.meadow.tenant.id, email=email, role="receptionist")


def where(browser: Browser) -> list[tuple[str, bool, str]]:
    """Address, whether one is there, and words of each way of the switcher."""
    menu = re.findall(r'<details class="where">(.*?)</details>', browser.text, re.DOTALL)[0]
    found = re.findall(r'<a href="([^"]*)"( aria-current="true")?>(.*?)</a>', menu, re.DOTALL)
    return [(href, bool(here), " ".join(re.sub(r"<[^>]+>", " ", words).split())) for href, here, words in found]


async def test_switcher_marks_where_one_is_and_leads_elsewhere(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await works_at_both(cast, owner, THEO)
    await owner.execute("UPDATE practice SET suspended_at = $2 WHERE id = $1", cast.meadow.tenant.id, MONDAY)

    await theo.get("/desk/harbour")

    assert where(theo) == [
        ("/desk/harbour", True, "Harbour Physiotherapy"),
        ("/desk/meadow", False, "Meadow Massage suspended"),
        ("/appointments", False, "My own appointments"),
    ]


async def test_practice_with_two_of_one_s_addresses_is_one_way(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await works_at_both(cast, owner, THEO)
    await insert(
        owner, "address", ref="secondaddr", person_id=cast.theo["id"], email="t@example.org", verified_at=MONDAY
    )
    await works_at_both(cast, owner, "t@example.org")

    await theo.get("/desk/harbour")

    assert [href for href, _, _ in where(theo)] == ["/desk/harbour", "/desk/meadow", "/appointments"]


async def test_chooser_tells_the_role_at_each_and_the_own_appointments(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await works_at_both(cast, owner, THEO)

    await theo.get("/desk")

    assert entries(theo) == [
        "Harbour Physiotherapy Professional",
        "Meadow Massage Reception",
        "My own appointments As a client, wherever you book.",
    ]


async def test_client_s_pages_lead_to_the_desk_of_who_has_one(
    theo: Browser, browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    strangers = 'href="/desk"' in browser.page.text
    await theo.get("/appointments")
    one = "Your desk<" in theo.text.replace("\n", "")
    await works_at_both(cast, owner, THEO)
    await theo.get("/appointments")

    assert (strangers, one, "Your desks<" in theo.text.replace("\n", "")) == (False, True, True)


async def test_ended_membership_is_no_way_to_a_desk(theo: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE membership SET ended_at = now() WHERE email = $1", THEO)

    await theo.get("/appointments")

    assert 'href="/desk"' not in theo.page.text


async def test_team_of_the_other_practice_stays_where_it_is(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await works_at_both(cast, owner, BEN)
    async with Browser(make_app(clock)) as lea:
        await lea.sign_in(LEA, owner)
        await lea.get("/desk/meadow/team")

        assert [THEO in lea.text, NORA in lea.text, BEN in lea.text] == [False, False, True]


async def test_what_was_done_to_the_team_stands_in_the_audit_log(nora: Browser, owner: asyncpg.Connection) -> None:
    await invite(nora)
    path = await page_of(nora, owner, THEO, "/end")
    await nora.post(path)

    rows = await owner.fetch("SELECT by_email, what, did, subject FROM audit_entry ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (NORA, "invitation", "added", CLEO),
        (NORA, "membership", "changed", THEO),
    ]
