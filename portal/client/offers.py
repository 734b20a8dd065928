"""What was offered to somebody who waits, for whoever has its link: looking changes nothing, one press answers."""

import re

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens, read_row
from portal.people.recipients import find_recipient
from portal.phrases import phrase
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer, as_reader
from tenants.notifications.offered import OfferFacts
from tenants.refusals import (
    NotFound,
    OfferAccepted,
    OfferDeclined,
    Refusal,
    ServiceNotGiven,
    SlotTaken,
    TimeNotOffered,
)
from tenants.waiting.answer import accept_offer, decline_offer, find_offer, lose_offer

CONFLICT, GONE = 409, 410
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_BEHIND = "SELECT slug, offer_id FROM behind_offer($1)"


@get("/offers/{key:str}")
async def show_offer(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Template:
    """`answer` is "no" by the mail's second link: then that button comes first."""
    reader, offer = await _find(request, viewer, key)
    return _page(reader, offer, declining=request.query_params.get("answer") == "no")


@post("/offers/{key:str}/acceptance", status_code=303)
async def take(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    reader, offer = await _find(request, viewer, key)
    await read_form(request, reader)
    practice, now = offer.practice, reader.now
    try:
        async with practice_lens(practice):
            await accept_offer(practice, offer.id, now, booked_from=reader.network)
    except OfferAccepted:
        pass
    except (SlotTaken, TimeNotOffered, ServiceNotGiven, NotFound):
        async with practice_lens(practice):
            await lose_offer(practice, offer.id, now)
        return _page(*await _find(request, viewer, key))
    except Refusal as refusal:
        reader, offer = await _find(request, viewer, key)
        return _page(reader, offer, refused=refusal)
    return Redirect(f"/offers/{key}", status_code=303)


@post("/offers/{key:str}/refusal", status_code=303)
async def decline(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    reader, offer = await _find(request, viewer, key)
    await read_form(request, reader)
    try:
        async with practice_lens(offer.practice):
            await decline_offer(offer.practice, offer.id, reader.now)
    except OfferDeclined:
        pass
    except Refusal as refusal:
        reader, offer = await _find(request, viewer, key)
        return _page(reader, offer, refused=refusal)
    return Redirect(f"/offers/{key}", status_code=303)


async def _find(request: AnyRequest, viewer: Viewer, key: str) -> tuple[Viewer, OfferFacts]:
    """Raises NotFound. Its page is read as by whoever it was mailed to, in the zone of the place."""
    behind = await read_row(_BEHIND, key) if _KEY.fullmatch(key) else None
    if behind is None:
        raise NotFound("waiting_offer")
    practice = await find_practice(request, behind["slug"])
    async with practice_lens(practice):
        offer = await find_offer(practice, behind["offer_id"])
    recipient = await find_recipient(offer.email) if offer.email else None
    return as_reader(request, viewer, practice, recipient), offer


def _page(reader: Viewer, offer: OfferFacts, *, declining: bool = False, refused: Refusal | None = None) -> Template:
    state = offer.state(reader.now)
    gone = GONE if state in {"expired", "lost", "ended"} else 200
    zone = offer.zone
    return reader.page(
        "client/offer.html",
        status_code=CONFLICT if refused else gone,
        practice=offer.practice,
        offer=offer,
        state=state,
        starts_at=offer.starts_at.astimezone(zone),
        ends_at=offer.ends_at.astimezone(zone),
        expires_at=offer.expires_at.astimezone(zone),
        declining=declining,
        refused=phrase(refused, reader.formats.at(zone)) if refused else "",
    )
