"""The demo's /outbox: what would have left, had there been a server."""

import json
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.response import Template

from portal.database import people_transaction
from portal.messages.tables import OutboxMail
from portal.settings import Settings
from portal.web.viewer import Viewer
from portal.web.viewer import Viewer

AnyRequest = Request[Any, Any, State]

SHOWN = 100
# A mail brings its styles along; nothing in it may run or be fetched.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
    "sandbox allow-popups allow-top-navigation-by-user-activation"
)


@get("/outbox")
async def show_outbox(request: AnyRequest, viewer: Viewer) -> Template:
    _only_in_a_demo(request)
    async with people_transaction():
        mails = await OutboxMail.select().order_by(OutboxMail.id, ascending=False).limit(SHOWN)
    return viewer.page("outbox.html", mails=[_with_attachments(mail) for mail in mails])


@get("/outbox/{mail_id:int}")
async def show_mail(request: AnyRequest, mail_id: int) -> Response[str]:
    _only_in_a_demo(request)
    async with people_transaction():
        mail = await OutboxMail.select(OutboxMail.html).where(OutboxMail.id == mail_id).first()
    if mail is None:
        raise NotFoundException
    return Response(mail["html"], media_type="text/html", headers={"Content-Security-Policy": MAIL_POLICY})


def _only_in_a_demo(request: AnyRequest) -> None:
    settings: Settings = request.app.state.settings
    if not settings.demo or settings.smtp_host:
        raise NotFoundException


def _with_attachments(mail: dict[str, Any]) -> dict[str, Any]:
    return {**mail, "attachments": json.loads(mail["attachments"])}
