"""What the provider reports of a message that it has taken, in whatever order its reports arrive."""

from dataclasses import dataclass
from datetime import datetime

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch, fetch_first

STATES = ("queued", "sent", "failed", "undelivered", "delivered")
"""Each undoes those before it and none after it: when reports contradict each other, the phone's own is believed."""

_FAILED = {"failed", "undelivered"}

# May be quicker than our own record that the message was sent: its reference is known to the provider from the start.
_REPORTED = """
SELECT id, provider_id, provider_state, sent_to FROM message
WHERE tenant_id = $1 AND ref = $2 AND audience = 'client' AND channel = 'sms' FOR UPDATE
"""

_NOTE = """
UPDATE message SET provider_id = CASE WHEN id = $2 THEN $3 ELSE provider_id END, provider_state = $4,
       sent_at = CASE WHEN $4 IN ('sent', 'delivered') THEN coalesce(sent_at, $5) ELSE sent_at END,
       delivered_at = CASE WHEN $4 = 'delivered' THEN $5 END,
       failed_at = CASE WHEN $4 IN ('failed', 'undelivered') THEN $5 WHEN $4 <> 'delivered' THEN failed_at END,
       failure = CASE WHEN $4 IN ('failed', 'undelivered') THEN $6 WHEN $4 <> 'delivered' THEN failure ELSE '' END,
       channel = 'sms', sent_to = $7
WHERE tenant_id = $1 AND (id = $2 OR told_with = $2)
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`provider_id` is the provider's name for the message; `failure` says why, beginning with its code."""

    provider_id: str
    state: str
    failure: str = ""


async def note_receipt(tenant: Tenant, ref: str, receipt: Receipt, now: datetime) -> str:
    """To whom the message went. What was told together with it follows it.

    Raises NotFound for a message that is not there, and for one that the provider calls otherwise.
    """
    message = await fetch_first(_REPORTED, tenant.id, ref)
    if message is None or message["provider_id"] not in {"", receipt.provider_id}:
        raise NotFound("message")
    if is_news(message["provider_state"], receipt.state):
        failure = receipt.failure if receipt.state in _FAILED else ""
        facts = (receipt.provider_id, receipt.state, now, failure, message["sent_to"])
        await fetch(_NOTE, tenant.id, message["id"], *facts)
    return str(message["sent_to"])


def is_news(known: str, told: str) -> bool:
    """Whether a report goes further than what is known; nothing is known as long as `known` is empty."""
    return not known or STATES.index(told) > STATES.index(known)
