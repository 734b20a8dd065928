from tenants.practices.tenant import Tenant
from tenants.team.tables import Membership


async def sign_ins(tenant: Tenant) -> dict[int, list[str]]:
    """By practitioner: the addresses by which they sign in and work here."""
    found: dict[int, list[str]] = {}
    live = Membership.ended_at.is_null() & Membership.practitioner_id.is_not_null()
    for row in await Membership.of(tenant).where(live).order_by(Membership.email):
        found.setdefault(row["practitioner_id"], []).append(row["email"])
    return found
