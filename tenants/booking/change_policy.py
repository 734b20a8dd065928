from tenants.booking.policy import Policy, find_policy, save_policy
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.scope import fetch


async def change_policy(tenant: Tenant, policy: Policy, seen: str) -> None:
    """`seen` is the fingerprint of the policy that the form was filled from. Raises ChangedMeanwhile."""
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('policy ' || $1, 0))", str(tenant.id))
    stands = await find_policy(tenant)
    if stands == policy:
        return
    if fingerprint(stands) != seen:
        raise ChangedMeanwhile
    await save_policy(tenant, policy)
