"""What the booking pages need besides in a frame of another site: the way in, the way out, the script around them."""

from urllib.parse import urlencode

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.facts import appointment_facts
from portal.client.finish import book_hold, refused_hold
from portal.client.holds import booked_page, practice_of
from portal.database import practice_lens
from portal.web.assets import built_script
from portal.web.frame import EMBED, Frame
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer
from tenants.appointments.find import appointment_with_names
from tenants.booking.hold import find_hold
from tenants.clients.record import Contact
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, Refusal

CHOICES = ("service", "practitioner", "place")
_SCRIPT = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
_SHOWN = (
    "ref",
    "starts_at",
    "ends_at",
    "service_name",
    "practitioner_name",
    "place_name",
    "street",
    "postcode",
    "city",
)


@get("/p/{slug:str}/embed", status_code=303)
async def enter(request: AnyRequest, viewer: TheViewer) -> Redirect:
    """`lang` and `colour` as the practice's own page has them; `service` and the like as in the booking's address."""
    asked = request.query_params
    colour = asked.get("colour", "").removeprefix("#").lower()
    frame = Frame.of("-".join(filter(None, (asked.get("lang") or "auto", colour))))
    chosen = urlencode({name: asked[name] for name in CHOICES if asked.get(name)})
    there = f"{frame.door(practice_of(viewer).slug)}/book"
    return Redirect(f"{there}?{chosen}" if chosen else there, status_code=303)


@get("/p/{slug:str}/embed.js")
async def send_script(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    """For whichever site names it; short-lived, since its address never changes. Raises NotFoundException."""
    await find_practice(request, slug)
    return Response(built_script("js/embed.js"), media_type="text/javascript", headers=_SCRIPT)


@get(f"{EMBED}/holds/{{key:str}}/booked")
async def show_booked(viewer: TheViewer, key: FromPath[str]) -> Template:
    """To whoever holds the key of what they have booked."""
    practice = practice_of(viewer)
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
        if not hold["booked_as"]:
            raise NotFound("appointment")
        row = await appointment_with_names(practice, hold["booked_as"])
    told = {name: row[name] for name in _SHOWN} | {"zone": practice.zone, "accent": practice.accent}
    return viewer.page(
        "client/framed_booked.html",
        practice=practice,
        appointment=appointment_facts(told),
        cancelled=row["cancelled_at"] is not None,
        pending=row["pending"],
    )


async def book_in_frame(viewer: Viewer, practice: Tenant, hold: dict[str, str], email: str) -> Redirect | Template:
    """Under the address that the code has proved; nobody is signed in by it."""
    contact = Contact(email, hold["first_name"], hold["last_name"], hold["phone"])
    try:
        await book_hold(viewer, practice, hold["key"], contact, hold["note"])
    except Refusal as refusal:
        return await refused_hold(viewer, practice, hold["key"], refusal)
    return Redirect(booked_page(viewer, hold), status_code=303)
