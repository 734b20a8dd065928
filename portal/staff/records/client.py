"""One client as the practice knows them: the page from which staff work, a section for each thing that is kept."""

from typing import Any

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from portal.people.bounces import find_bounce
from portal.people.photos import photo_shown
from portal.staff.desk import Desk, TheDesk
from portal.staff.keeping.documents import documents_section
from portal.staff.keeping.erasure import erased_page, retention_section
from portal.staff.merging.duplicates import duplicates_section
from portal.staff.records.about import about_section
from portal.staff.records.consents import consents_section
from portal.staff.records.details import details_section
from portal.staff.records.history import history_section
from portal.staff.records.messages import messages_section
from portal.staff.records.notes import notes_section
from portal.staff.records.tags import tags_section
from portal.staff.records.visits import visits_section
from portal.web.given import AnyRequest, TheSettings
from tenants.clients.family import children_of, guardian_of
from tenants.clients.record import find_record
from tenants.team.permissions import Permission


@get("/desk/{slug:str}/clients/{ref:str}", needs=Permission.CLIENTS)
async def show_client(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Template:
    """Each section gives what its own part of the page asks for."""
    head = await _head(desk, ref)
    record, query = head["client"], request.query_params
    if record["erased_at"]:
        return await erased_page(desk, record)
    return desk.page(
        "desk/client.html",
        done=query.get("done", ""),
        **head,
        duplicates=await duplicates_section(desk, record),
        **await visits_section(desk, record, query.get("past", "")),
        **await notes_section(desk, record),
        **await details_section(desk, record),
        **await about_section(desk, record),
        **await tags_section(desk, record),
        documents=await documents_section(desk, record),
        **await messages_section(desk, record, settings, head["guardian"]),
        **await consents_section(desk, record),
        retention=await retention_section(desk, record),
        **await history_section(desk, record, query.get("changes", "")),
    )


async def _head(desk: Desk, ref: str) -> dict[str, Any]:
    """Who it is, and whose."""
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        guardian = await guardian_of(desk.practice, record)
        children = await children_of(desk.practice, record["id"])
    email = record["email"]
    return {
        "client": record,
        "guardian": guardian,
        "children": children,
        "photo": await photo_shown(email, desk.practice.id) if email else None,
        "bounce": await find_bounce(email) if email else None,
    }
