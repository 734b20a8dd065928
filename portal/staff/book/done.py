"""What staff have just done to an appointment: said in a sentence, with what takes it back.

Pages carry it in the address to which they lead on, so that a plain browser can undo, too. It is signed for that one
browser: nobody else's link says that something was done, or makes its undo do something else.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.response import Redirect

from portal.staff.book.insisting import wants_json
from portal.staff.desk import Desk
from portal.web.forms import Form, read_moment
from portal.web.given import AnyRequest
from tenants.refusals import MovedMeanwhile

DOORS = {
    "booked": "cancellation",
    "moved": "placement",
    "cancelled": "restoration",
    "restored": "cancellation",
    "arrived": "attendance",
    "completed": "attendance",
    "missed": "attendance",
    "taken_back": "attendance",
    "given_room": "room",
    "accepted": "cancellation",
}
"""What was done, and the door that takes it back."""
_FIELDS = ("start", "end", "practitioner", "place", "tell", "insist", "why", "reason", "also", "what", "undo")
_FIELDS_OF_ROOMS = ("resource", "had")


@dataclass(frozen=True, slots=True)
class Done:
    """`row` is the appointment as it stands now, with its names; `fields` take it back, where anything can."""

    kind: str
    row: dict[str, Any]
    fields: dict[str, str] | None

    @property
    def seen(self) -> str:
        return str(self.row["sequence"])

    def address(self, desk: Desk) -> str:
        return f"{desk.path}/appointments/{self.row['ref']}/{DOORS[self.kind]}"

    def undo(self, desk: Desk) -> dict[str, Any] | None:
        if self.fields is None:
            return None
        return {"address": self.address(desk), "fields": {**self.fields, "seen": self.seen}}

    def page(self, desk: Desk) -> str:
        if self.fields is None:
            said = "?done=accepted" if self.kind == "accepted" else ""
            return f"{desk.path}/appointments/{self.row['ref']}{said}"
        query = {"done": self.kind, "seen": self.seen, **self.fields}
        signed = query | {"sign": _sign(desk, self.row["ref"], query)}
        return f"{desk.path}/appointments/{self.row['ref']}?{urlencode(signed)}"

    def said(self, desk: Desk) -> str:
        _ = desk.viewer.words.gettext
        if self.kind == "moved":
            return self._moved(desk)
        client = f"{self.row['first_name']} {self.row['last_name']}".strip()
        at = desk.viewer.formats.moment(self.row["starts_at"], desk.practice.zone)
        return {
            "booked": _("Booked: %(name)s, %(moment)s", name=client, moment=at),
            "accepted": _("The request is accepted, at the new time: %(moment)s", moment=at),
            "cancelled": _("The appointment is cancelled."),
            "restored": _("The appointment stands again."),
            "arrived": _("Noted as arrived"),
            "completed": _("Noted as completed"),
            "missed": _("Noted as missed"),
            "taken_back": _("That is taken back."),
            "given_room": _("The room or equipment is changed."),
        }[self.kind]

    def _moved(self, desk: Desk) -> str:
        _, fmt, row, fields = desk.viewer.words.gettext, desk.viewer.formats, self.row, self.fields
        if fields is None:
            return _("Nothing has changed.")
        if fields.get("practitioner") != row["practitioner_ref"]:
            at = fmt.moment(row["starts_at"], desk.practice.zone)
            return _("Moved to %(name)s: %(moment)s", name=row["practitioner_name"], moment=at)
        if read_moment(fields.get("start", "")) == row["starts_at"]:
            return _("Now it lasts until %(time)s", time=fmt.time(row["ends_at"], desk.practice.zone))
        return _("Moved: %(moment)s", moment=fmt.moment(row["starts_at"], desk.practice.zone))


def done_from(desk: Desk, query: Mapping[str, str], row: dict[str, Any]) -> Done | None:
    """What the address says was done, unless the appointment has changed since."""
    said = {name: query[name] for name in ("done", "seen", *_FIELDS, *_FIELDS_OF_ROOMS) if name in query}
    sign = _sign(desk, row["ref"], said)
    if not hmac.compare_digest(query.get("sign", "").encode(), sign.encode()) or said["seen"] != str(row["sequence"]):
        return None
    return Done(said.pop("done"), row, {name: value for name, value in said.items() if name != "seen"})


def _sign(desk: Desk, ref: str, said: Mapping[str, str]) -> str:
    text = urlencode([("ref", ref), *sorted(said.items())])
    return hmac.new(desk.viewer.csrf.encode(), text.encode(), "sha256").hexdigest()[:20]


def answer_done(request: AnyRequest, desk: Desk, done: Done) -> Response[Any]:
    if wants_json(request):
        facts = {"said": done.said(desk), "ref": done.row["ref"], "sequence": done.row["sequence"]}
        return Response(facts | {"undo": done.undo(desk)}, status_code=200, media_type="application/json")
    if wants_fragment(request):
        answer = desk.page("desk/_sheet_done.html", done=done)
        answer.headers["HX-Trigger"] = "booked"
        return answer
    return Redirect(done.page(desk), status_code=303)


def wants_fragment(request: AnyRequest) -> bool:
    """A link that is boosted asks for a page, as it would without scripts."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def check_seen(form: Form, row: dict[str, Any]) -> None:
    """Undoing takes back what one has seen, and nothing that came after. Raises MovedMeanwhile."""
    if (seen := form.get("seen", "")) and seen != str(row["sequence"]):
        raise MovedMeanwhile(row["starts_at"])
