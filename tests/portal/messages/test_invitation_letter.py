"""The letter of an invitation, from the rule that owes it to its reader."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage

import asyncpg
import pytest

from portal.database import practice_lens
from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.worker import send_batch
from portal.people.invitations import owe_invitation
from portal.settings import Settings
from tenants.refusals import AlreadyInvited
from tenants.team.invite import Invited, invite, invite_again
from tenants.team.post import Post
from tests.cast import CLEO, LEA, MONDAY, NORA, Cast
from tests.factories import PracticeMade
from tests.portal.messages.mail_server import MailServer


async def asked(practice: PracticeMade, by: str = NORA, name: str = "Nora Blake") -> Invited:
    async with practice_lens(practice.tenant):
        made = await invite(practice.tenant, CLEO, Post("receptionist"), by, MONDAY)
        await owe_invitation(practice.tenant, made, name, MONDAY)
    return made


async def send(settings: Settings, later: timedelta = timedelta()) -> None:
    await send_batch(ACCOUNT_MESSAGES, settings, asyncio.Event(), lambda: MONDAY + later)


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


async def test_letter_tells_who_invites_to_what_until_when(cast: Cast, settings: Settings, smtp: MailServer) -> None:
    made = await asked(cast.harbour)

    await send(settings)

    [mail] = smtp.received
    told = (
        "Nora Blake invites you to work at Harbour Physiotherapy at the reception.",
        f"https://portal.example/invitations/{made.key}",
        "Monday, November 30, 2026 at 8:00\u202fa.m. (Eastern Time)",
    )
    assert (mail["To"], mail["Subject"]) == (CLEO, "An invitation from Harbour Physiotherapy")
    for kind in ("plain", "html"):
        assert [fact for fact in told if fact not in part(mail, kind).replace("Eastern Standard", "Eastern")] == []
    assert cast.harbour.tenant.accent in part(mail, "html")


async def test_letter_speaks_the_practice_s_first_language(cast: Cast, settings: Settings, smtp: MailServer) -> None:
    await asked(cast.meadow, LEA, "Lea Martin")

    await send(settings)

    assert smtp.received[0]["Content-Language"] == "fr"


async def test_name_of_a_practice_is_no_markup(
    cast: Cast, settings: Settings, smtp: MailServer, owner: asyncpg.Connection
) -> None:
    await asked(cast.harbour, name="<b>Nora</b>")

    await send(settings)

    assert "&lt;b&gt;Nora&lt;/b&gt; invites you" in part(smtp.received[0], "html")


@pytest.mark.parametrize(("later", "sent"), [(timedelta(days=7, seconds=-1), 1), (timedelta(days=7), 0)])
async def test_letter_that_comes_too_late_does_not_leave(
    cast: Cast, settings: Settings, smtp: MailServer, later: timedelta, sent: int
) -> None:
    await asked(cast.harbour)

    await send(settings, later)

    assert len(smtp.received) == sent


async def test_link_that_leads_nowhere_any_more_is_not_sent(
    cast: Cast, settings: Settings, smtp: MailServer, owner: asyncpg.Connection
) -> None:
    made = await asked(cast.harbour)
    async with practice_lens(cast.harbour.tenant):
        again = await invite_again(cast.harbour.tenant, made.ref, MONDAY)
        await owe_invitation(cast.harbour.tenant, again, "Nora Blake", MONDAY)

    await send(settings)

    assert [again.key in part(mail, "plain") for mail in smtp.received] == [True]
    assert await owner.fetchval("SELECT failure FROM account_message ORDER BY id LIMIT 1") == "replaced"


async def test_what_cannot_be_invited_owes_no_letter(cast: Cast, owner: asyncpg.Connection) -> None:
    await asked(cast.harbour)

    with pytest.raises(AlreadyInvited):
        await asked(cast.harbour)

    assert await owner.fetchval("SELECT count(*) FROM account_message WHERE kind = 'invitation'") == 1
