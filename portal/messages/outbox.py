"""The demo's /outbox: what would have left, had there been a server."""

import json
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from portal.database import people_transaction
from portal.messages.tables import OutboxMail
from portal.settings import Settings
from portal.web.given import AnyRequest, TheViewer

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
async def show_outbox(request: AnyRequest, viewer: TheViewer) -> Template:
    _only_in_a_demo(request)
    async with people_transaction():
        mails = await OutboxMail.select().order_by(OutboxMail.id, ascending=False).limit(SHOWN)
    return viewer.page("outbox.html", mails=[_with_attachments(mail) for mail in mails])


@get("/outbox/{ref:str}")
async def show_mail(request: AnyRequest, ref: FromPath[str]) -> Response[str]:
    _only_in_a_demo(request)
    async with people_transaction():
        mail = await OutboxMail.select(OutboxMail.html).where(OutboxMail.ref == ref).first()
    if mail is None:
        raise NotFoundException
    return Response(mail["html"], media_type="text/html", headers=MAIL_HEADERS)


def _only_in_a_demo(request: AnyRequest) -> None:
    settings: Settings = request.app.state.settings
    if not settings.demo or settings.smtp_host:
        raise NotFoundException


def _with_attachments(mail: dict[str, Any]) -> dict[str, Any]:
    return {**mail, "attachments": json.loads(mail["attachments"])}
