"""The letter that carries an invitation: owed in the transaction that makes it."""

import json
from datetime import datetime

from portal.languages.negotiation import negotiate
from tenants.practices.tenant import Tenant
from tenants.scope import fetch
from tenants.team.invite import Invited

INVITATION = "invitation"
# A practice's lens may write one, and read none; so nothing is asked back.
_OWE = """
INSERT INTO account_message (channel, sent_to, kind, language, facts, created_at, next_attempt_at)
VALUES ('email', $1, $2, $3, $4, $5, $5)
"""


async def owe_invitation(practice: Tenant, invited: Invited, by_name: str, now: datetime) -> None:
    """In the practice's first language: of whoever is invited nobody knows more than the address. Within its lens."""
    language = negotiate(practice_languages=practice.languages[:1], zone=practice.zone.key)
    facts = {
        "key": invited.key,
        "practice": practice.name,
        "zone": practice.zone.key,
        "accent": practice.accent,
        "by": by_name,
        "role": invited.role,
        "until": invited.until.isoformat(),
    }
    await fetch(_OWE, invited.email, INVITATION, str(language), json.dumps(facts), now)
