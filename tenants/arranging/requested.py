"""What staff do with a request beside answering it: put it elsewhere, or have it after all. Either agrees to it."""

from datetime import datetime

from tenants.appointments.agree import agree
from tenants.appointments.find import locked_appointment
from tenants.arranging.rearrange import Move, move_by_staff, put, restore
from tenants.arranging.taken import Without
from tenants.notifications.owe import note_change
from tenants.practices.tenant import Tenant
from tenants.refusals import MovedMeanwhile, RequestLapsed


async def move_and_agree(tenant: Tenant, ref: str, move: Move, now: datetime) -> bool:
    """Moves any appointment as `move_by_staff` does; a request is agreed to where it is put, and True is given.

    Putting it where it is agrees to nothing. Raises as `move_by_staff`, and RequestLapsed.
    """
    request = await locked_appointment(tenant, ref)
    if not request["pending"]:
        await move_by_staff(tenant, ref, move, now)
        return False
    if request["approve_by"] <= now:
        raise RequestLapsed(request["approve_by"])
    if move.seen is not None and move.seen != request["sequence"]:
        raise MovedMeanwhile(request["starts_at"])
    if not await put(tenant, request, move, now, Without(frozenset({request["id"]}))):
        return False
    await agree(tenant, request["id"], now, move.by)
    left = request["practitioner_id"]
    await note_change(tenant, request["id"], "booked", move.by, now, left=left, tell=move.tell)
    return True


async def restore_and_agree(tenant: Tenant, ref: str, now: datetime, *, by: str, tell: bool = True) -> None:
    """Takes any cancellation back as `restore` does; what was asked for in vain is agreed to. Raises as `restore`."""
    request = await locked_appointment(tenant, ref)
    in_vain = request["cancelled_at"] and request["approve_by"] and not request["accepted_at"]
    if in_vain and request["starts_at"] > now:
        await agree(tenant, request["id"], now, by, declined_at=None)
    await restore(tenant, ref, now, by=by, tell=tell)
