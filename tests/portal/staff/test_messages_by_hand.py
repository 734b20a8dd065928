"""What staff do about messages: send again, ask, confirm, turn SMS off, try an address again, read an answer."""

import asyncpg

from tests.browser import Browser, TestClock
from tests.cast import ANA, MONDAY, NORA, Cast
from tests.factories import insert
from tests.portal.staff.test_messages import ANA_S_NUMBER, kept, page_of, rows, said, sms_on


async def test_double_click_sends_again_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    appointment = await kept(cast)
    message = await said(owner, appointment)
    again = f"/desk/harbour/messages/{message['ref']}/copy"
    await nora.get(page_of(appointment))
    shown = nora.page

    await nora.post(again, seen="0")
    told = "It is sent again within a minute." in nora.text
    nora.page = shown
    await nora.post(again, seen="0")

    assert told
    assert await rows(owner) == [
        ("booked", 0, "", "email", None, MONDAY),
        ("booked", 1, NORA, "email", None, None),
    ]


async def test_reminder_sent_again_keeps_its_rule_and_its_rule_s_channel(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    rule = await owner.fetchval(
        "SELECT id FROM reminder_rule WHERE tenant_id = $1 AND channel = 'sms'", cast.harbour.tenant.id
    )
    appointment = await kept(cast)
    message = await said(owner, appointment, "reminder", rule_id=rule, instead_of="sms")
    await theo.get(page_of(appointment))
    assert 'name="seen" value="0"' in theo.page.text

    await theo.post(f"/desk/harbour/messages/{message['ref']}/copy", seen="0")

    assert (await rows(owner))[1] == ("reminder", 1, "theo@harbour.example", "sms", rule, None)


async def test_nothing_is_sent_again_of_what_is_over_or_has_changed(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    moved = await kept(cast, sequence=1)
    message = await said(owner, moved, sequence=0)
    await nora.get(page_of(moved))
    offered = "Send again" in nora.text

    clock.now = moved["starts_at"]
    await nora.post(f"/desk/harbour/messages/{message['ref']}/copy", seen="0")

    assert (offered, nora.page.status_code, len(await rows(owner))) == (False, 422, 1)


async def test_client_is_asked_once_while_a_question_is_on_its_way(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    appointment = await kept(cast)
    await nora.get(page_of(appointment))

    for _ in range(2):
        await nora.post(f"{page_of(appointment)}/question", seen="0")
    await owner.execute("UPDATE message SET sent_at = now()")
    await nora.post(f"{page_of(appointment)}/question", seen="0")

    assert [row[:3] for row in await rows(owner)] == [("asked", 0, NORA)]


async def test_staff_confirm_for_a_client_who_has_called(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    appointment = await kept(cast)
    await nora.get(page_of(appointment))

    await nora.post(f"{page_of(appointment)}/confirmation")

    assert "Confirmed by the practice" in nora.text
    assert "Ask to confirm" not in nora.text
    row = await owner.fetchrow("SELECT confirmed_at, confirmed_by FROM appointment")
    assert tuple(row) == (MONDAY, "staff")


async def test_practice_turns_sms_off_and_on_but_not_over_the_client_s_word(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await sms_on(cast, owner)
    client = f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}"
    off_by = "SELECT sms_off_by FROM client_record WHERE phone = $1"
    await nora.get(client)

    await nora.post(f"{client}/sms", sms="off")
    off = ("The practice has turned SMS off" in nora.text, await owner.fetchval(off_by, ANA_S_NUMBER))
    await nora.post(f"{client}/sms", sms="on")
    on = await owner.fetchval(off_by, ANA_S_NUMBER)
    await owner.execute("UPDATE client_record SET sms_off_at = now(), sms_off_by = 'client' WHERE email = $1", ANA)
    await nora.post(f"{client}/sms", sms="on")

    assert (off, on, await owner.fetchval(off_by, ANA_S_NUMBER)) == ((True, "staff"), None, "client")
    await nora.get(client)
    assert "The client wants no SMS from this practice." in nora.text
    assert "Turn SMS" not in nora.text


async def test_address_that_came_back_is_told_and_tried_again(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await insert(owner, "mail_bounce", email=ANA, bounced_at=MONDAY, status="5.1.1")
    client = f"/desk/harbour/clients/{cast.harbour.records[ANA]['ref']}"
    await nora.get(client)
    told = "Mail to ana@example.org came back on Monday, November 23, 2026" in nora.text

    await nora.post(f"{client}/bounce/removal")

    assert (told, "came back" in nora.text) == (True, False)
    assert await owner.fetchval("SELECT count(*) FROM mail_bounce") == 0


async def test_answer_of_a_client_is_shown_until_somebody_has_seen_it(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    ana = cast.harbour.records[ANA]
    reply = await insert(
        owner,
        "client_reply",
        tenant_id=cast.harbour.tenant.id,
        client_record_id=ana["id"],
        at=MONDAY,
        body="Can I bring my dog?",
    )
    await nora.get("/desk/harbour/messages")
    shown = "Can I bring my dog?" in nora.text

    await nora.post(f"/desk/harbour/replies/{reply['ref']}/reading")

    assert (shown, "my dog" in nora.text) == (True, False)
    assert await owner.fetchval("SELECT seen_at FROM client_reply") == MONDAY
