"""The demo's /outbox: what would have left by mail or SMS, as long as nothing is set up that it would leave by."""

import json
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from portal.database import people_transaction
from portal.messages.tables import OutboxMail, OutboxText
from portal.settings import Settings
from portal.web.given import TheSettings, TheViewer

SHOWN = 100
# A mail brings its styles along; nothing in it may run or be fetched. A sandbox needs the opener policy off (HTML,
# "sandboxing a top-level document").
MAIL_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    ),
    "Cross-Origin-Opener-Policy": "unsafe-none",
}


@get("/outbox")
async def show_outbox(viewer: TheViewer, settings: TheSettings) -> Template:
    shows_mails, shows_texts = _shows_mails(settings), _shows_texts(settings)
    if not shows_mails and not shows_texts:
        raise NotFoundException
    messages = [*(await _mails() if shows_mails else []), *(await _texts() if shows_texts else [])]
    messages.sort(key=lambda message: message["created_at"], reverse=True)
    return viewer.page("outbox.html", messages=messages[:SHOWN])


@get("/outbox/{ref:str}")
async def show_mail(settings: TheSettings, ref: FromPath[str]) -> Response[str]:
    if not _shows_mails(settings):
        raise NotFoundException
    async with people_transaction():
        mail = await OutboxMail.select(OutboxMail.html).where(OutboxMail.ref == ref).first()
    if mail is None:
        raise NotFoundException
    return Response(mail["html"], media_type="text/html", headers=MAIL_HEADERS)


def _shows_mails(settings: Settings) -> bool:
    return settings.demo and settings.smtp_host is None


def _shows_texts(settings: Settings) -> bool:
    return settings.demo and settings.twilio_account_sid is None


async def _mails() -> list[dict[str, Any]]:
    async with people_transaction():
        mails = await OutboxMail.select().order_by(OutboxMail.id, ascending=False).limit(SHOWN)
    return [{**mail, "attachments": json.loads(mail["attachments"])} for mail in mails]


async def _texts() -> list[dict[str, Any]]:
    async with people_transaction():
        return await OutboxText.select().order_by(OutboxText.id, ascending=False).limit(SHOWN)
