"""Rooms of a test, and which appointment has which, written behind the lenses' back."""

from typing import Any

from tenants.refs import new_ref
from tests.factories import PracticeMade, insert


async def rooms_made(
    practice: PracticeMade, kind: str, *names: str, needed_by: str = "", what: str = "room", place: str = ""
) -> list[dict[str, Any]]:
    """As many of one kind, at the first place unless named."""
    mine = {"tenant_id": practice.tenant.id}
    made = await insert(practice.owner, "resource_kind", **mine, ref=new_ref(), name=kind, what=what)
    if needed_by:
        service = practice.services[needed_by]["id"]
        await insert(practice.owner, "service_need", **mine, service_id=service, kind_id=made["id"])
    where = practice.places[place] if place else next(iter(practice.places.values()))
    facts = mine | {"kind_id": made["id"], "place_id": where["id"]}
    return [
        await insert(practice.owner, "resource", **facts, ref=new_ref(), name=name, position=position)
        for position, name in enumerate(names)
    ]


async def in_room(practice: PracticeMade, appointment: dict[str, Any], room: dict[str, Any]) -> dict[str, Any]:
    span = {name: appointment[name] for name in ("blocked_from", "blocked_until")}
    whose = {"tenant_id": practice.tenant.id, "appointment_id": appointment["id"]}
    return await insert(practice.owner, "resource_use", **whose, resource_id=room["id"], **span)
