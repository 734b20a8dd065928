"""Giving a member something else to do."""

from datetime import datetime

from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch
from tenants.team.find import check_other_admin, find_member, lock_team
from tenants.team.permissions import ADMIN
from tenants.team.post import Post, make_practitioner, practitioner_of

_CHANGE = """
UPDATE membership SET role = $3, practitioner_id = $4, sees_all_clients = $5, sees_contacts = $6
WHERE tenant_id = $1 AND id = $2
"""


async def change_member(tenant: Tenant, ref: str, post: Post, seen: str, now: datetime) -> None:
    """It holds from their next click on. `seen` is the fingerprint of the post that the form was filled from.

    Raises NotFound, ChangedMeanwhile, LastAdmin, PractitionerTaken, PractitionerMissing.
    """
    await lock_team(tenant)
    row = await find_member(tenant, ref)
    stands = Post.from_row(row)
    if stands == post:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    if row["role"] == ADMIN and post.role != ADMIN:
        await check_other_admin(tenant, [row["id"]])
    practitioner = await practitioner_of(tenant, post, now, member=row["id"])
    if post.new_practitioner:
        practitioner = await make_practitioner(tenant, post.new_practitioner)
    await fetch(_CHANGE, tenant.id, row["id"], post.role, practitioner, post.sees_all_clients, post.sees_contacts)
