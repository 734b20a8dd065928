"""For whom something is booked: somebody the practice knows, or what was typed of somebody new."""

from typing import Any

from portal.phrases import phrase
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.clients.record import Contact, check_unknown, find_record
from tenants.clients.search import search_records
from tenants.refusals import RecordNotYours

NEW = "new"
_SHOWN_AT_MOST = 8


async def read_contact(desk: Desk, form: Form) -> Contact:
    """Raises NotFound for a record of another practice."""
    if ref := chosen_client(form):
        async with desk.lens():
            record = await find_record(desk.practice, ref)
        return Contact(record["email"], record["first_name"], record["last_name"], record["phone"], ref=ref)
    email = form.email("email", required=False) or None
    if email and desk.hides_contacts:
        await _check_unknown(desk, form, email)
    return Contact(
        email=email,
        first_name=form.text("first_name", 100),
        last_name=form.text("last_name", 100),
        phone=form.phone("phone", (desk.practice.country,)),
    )


async def _check_unknown(desk: Desk, form: Form, email: str) -> None:
    """Nobody finds out whose an address is by booking under it."""
    try:
        async with desk.lens():
            await check_unknown(desk.practice, email)
    except RecordNotYours as refusal:
        form.refuse("email", phrase(refusal, desk.viewer.formats))


def chosen_client(form: Form) -> str:
    """The ref of a record; "" for somebody new."""
    ref = form.text("client", 20, required=False)
    return "" if ref == NEW else ref


async def client_facts(desk: Desk, form: Form) -> dict[str, Any]:
    """What `_sheet_clients.html` lists: the one chosen first, then whom the words in `q` find."""
    ref, words = chosen_client(form), form.text("q", 100, required=False)
    async with desk.lens():
        client = await find_record(desk.practice, ref) if ref else None
        found = await search_records(desk.practice, words, _SHOWN_AT_MOST, by_name=desk.hides_contacts) if words else []
    others = [record for record in found if record["ref"] != ref]
    return {"client": client, "found": others, "found_nobody": bool(words) and not found}
