from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar.response import Template

from portal.phrases import phrase
from portal.web.viewer import Viewer
from tenants.practices.tenant import Tenant
from tenants.refusals import Refusal, SlotTaken, TimeNotOffered

CONFLICT, UNPROCESSABLE = 409, 422


def refused_page(
    viewer: Viewer,
    practice: Tenant,
    refusal: Refusal,
    choice: dict[str, str],
    *,
    post_to: str | None = None,
    again: str | None = None,
) -> Template:
    """The words, and a button for each of the next free times, so that one touch goes on from here."""
    times: tuple[datetime, ...] = refusal.next_free if isinstance(refusal, SlotTaken | TimeNotOffered) else ()
    local = [each.astimezone(practice.zone) for each in times]
    kept = {name: value for name, value in choice.items() if value}
    facts: dict[str, Any] = {
        "practice": practice,
        "refusal": phrase(refusal, viewer.formats),
        "next_times": [{"starts_at": each, "value": each.isoformat(), "practitioner_name": None} for each in local],
        "hidden": choice,
        "post_to": post_to or f"{viewer.door}/holds",
        "again": again or f"{viewer.door}/book?{urlencode(kept)}",
    }
    status = CONFLICT if isinstance(refusal, SlotTaken) else UNPROCESSABLE
    return viewer.page("client/refused.html", status_code=status, **facts)
