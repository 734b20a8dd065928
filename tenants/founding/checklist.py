"""What is still to do in a practice's first weeks. Each step is done by what is there, or put aside by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tenants.founding.found import ACCENT
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

SHOWN_FOR = timedelta(days=90)
"""After its founding; a practice that is older has found its own way."""

STEPS = ("page", "services", "hours", "look", "reminders", "colleague", "appointment", "sms")
MAY_WAIT = {"look", "reminders", "colleague", "appointment", "sms"}
"""Not everybody needs them, or their being done cannot be seen."""
ALL = "all"
"""Put aside under this name, the whole list is."""

_DONE = """
SELECT practice.created_at,
       published_at IS NOT NULL AS page,
       EXISTS (SELECT FROM service WHERE tenant_id = $1 AND retired_at IS NULL) AS services,
       EXISTS (SELECT FROM practitioner WHERE tenant_id = $1 AND retired_at IS NULL) AND NOT EXISTS (
           SELECT FROM practitioner WHERE tenant_id = $1 AND retired_at IS NULL AND NOT EXISTS (
               SELECT FROM opening_hours WHERE tenant_id = $1 AND practitioner_id = practitioner.id)) AS hours,
       logo <> '' OR accent <> $2 AS look,
       EXISTS (SELECT FROM audit_entry WHERE tenant_id = $1 AND at > practice.created_at
               AND what IN ('reminder_rule', 'message_policy', 'message_text')) AS reminders,
       EXISTS (SELECT FROM invitation WHERE tenant_id = $1)
           OR (SELECT count(*) > 1 FROM membership WHERE tenant_id = $1 AND ended_at IS NULL) AS colleague,
       EXISTS (SELECT FROM appointment WHERE tenant_id = $1) AS appointment,
       EXISTS (SELECT FROM message_policy WHERE tenant_id = $1 AND sms_on) AS sms,
       ARRAY(SELECT step FROM checklist_done WHERE tenant_id = $1) AS aside
FROM practice WHERE id = $1
"""
_FOUNDED_SINCE = "SELECT id FROM practice WHERE id = $1 AND created_at >= $2"
_PUT_ASIDE = """
INSERT INTO checklist_done (tenant_id, step, at) VALUES ($1, $2, $3)
ON CONFLICT ON CONSTRAINT checklist_done_key DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Step:
    """`aside` where somebody has put it aside by hand."""

    name: str
    done: bool
    aside: bool

    @property
    def settled(self) -> bool:
        return self.done or self.aside

    @property
    def may_wait(self) -> bool:
        return self.name in MAY_WAIT


@dataclass(frozen=True, slots=True)
class Checklist:
    """`hidden` where the whole list was put aside, or is past its days."""

    steps: tuple[Step, ...]
    hidden: bool

    @property
    def settled(self) -> int:
        return sum(step.settled for step in self.steps)

    @property
    def open(self) -> list[Step]:
        return [step for step in self.steps if not step.settled]

    @property
    def shown(self) -> bool:
        return bool(self.open) and not self.hidden


async def is_in_first_weeks(tenant: Tenant, now: datetime) -> bool:
    """Whether the rest is worth asking: most practices have long been through it."""
    return bool(await fetch(_FOUNDED_SINCE, tenant.id, now - SHOWN_FOR))


async def find_checklist(tenant: Tenant, now: datetime, *, sms: bool) -> Checklist:
    """In the desk's lens. `sms` is whether this installation can send any."""
    row = await fetch_first(_DONE, tenant.id, ACCENT)
    assert row is not None
    names = [name for name in STEPS if sms or name != "sms"]
    steps = tuple(Step(name, bool(row[name]), name in row["aside"]) for name in names)
    return Checklist(steps, hidden=ALL in row["aside"] or row["created_at"] < now - SHOWN_FOR)


async def put_aside(tenant: Tenant, step: str, now: datetime) -> None:
    """Raises NotFound for what cannot be."""
    if step not in MAY_WAIT | {ALL}:
        raise NotFound("checklist_done")
    await fetch(_PUT_ASIDE, tenant.id, step, now)


async def take_up(tenant: Tenant, step: str) -> None:
    """Again, after it was put aside."""
    await fetch("DELETE FROM checklist_done WHERE tenant_id = $1 AND step = $2", tenant.id, step)
