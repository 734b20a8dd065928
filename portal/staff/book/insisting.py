"""When the book objects: what stands in the way, in words, and what staff may insist on."""

from typing import Any

from litestar import Response

from portal.phrases import phrase
from portal.staff.desk import Desk
from portal.web.forms import Form
from portal.web.given import AnyRequest
from tenants.arranging.insist import Insistence
from tenants.refusals import (
    ChangedMeanwhile,
    MovedMeanwhile,
    NotOpenThen,
    PractitionerBusy,
    Refusal,
    ResourceTaken,
    SlotTaken,
    TimeNotOffered,
)

CONFLICT, UNPROCESSABLE = 409, 422
OVERBOOK, OUTSIDE_HOURS = "overbook", "outside_hours"
LONGEST_REASON = 500


def read_insistence(form: Form) -> Insistence:
    """What is insisted on without need is neither done nor logged."""
    asked = insisted(form)
    return Insistence(
        OVERBOOK in asked, OUTSIDE_HOURS in asked, form.text("why", LONGEST_REASON, required=False, lines=True)
    )


def insisted(form: Form) -> set[str]:
    """`insist` comes once for each thing that is insisted on, or once with commas between them."""
    return {each for value in form.many("insist") for each in value.split(",")} & {OVERBOOK, OUTSIDE_HOURS}


def may_insist(refusal: Refusal | None) -> str | None:
    if isinstance(refusal, PractitionerBusy):
        return OVERBOOK if refusal.may_overbook else None
    return OUTSIDE_HOURS if isinstance(refusal, NotOpenThen) else None


def status_of(refusal: Refusal | None) -> int:
    return (
        CONFLICT
        if isinstance(refusal, SlotTaken | MovedMeanwhile | ResourceTaken | ChangedMeanwhile)
        else UNPROCESSABLE
    )


def refusal_facts(desk: Desk, form: Form, refusal: Refusal | None) -> dict[str, Any]:
    """What `_refusal.html`, `_insist.html` and `_next_times.html` draw."""
    times = refusal.next_free if isinstance(refusal, SlotTaken | TimeNotOffered) else ()
    asked = may_insist(refusal)
    return {
        "refusal": phrase(refusal, desk.viewer.formats) if refusal else None,
        "insists": sorted(insisted(form) | ({asked} if asked else set())),
        "insisted": insisted(form),
        "next_times": [each.astimezone(desk.practice.zone) for each in times],
    }


def wants_json(request: AnyRequest) -> bool:
    return "application/json" in request.headers.get("accept", "")


def refused_json(desk: Desk, form: Form, refusal: Refusal | None) -> Response[Any]:
    """For the calendar, which puts the block back and says why."""
    said = phrase(refusal, desk.viewer.formats) if refusal else " ".join(form.errors.values())
    return Response(
        {"refusal": said, "insist": may_insist(refusal)}, status_code=status_of(refusal), media_type="application/json"
    )
