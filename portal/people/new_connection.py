"""A sign-in from a device or country not seen before is told to its person, with a link that disowns it."""

import json
import secrets
from datetime import datetime

from portal.languages.negotiation import negotiate
from portal.people.address_change import OWN, digest
from portal.people.devices import LONGEST_AGENT, Browser
from portal.people.known_devices import NOT_ME_LIFE
from portal.people.places import Places
from portal.people.tables import AccountMessage, NotMeLink
from tenants.scope import fetch, fetch_first

NEW_CONNECTION = "new_connection"


async def tell_of_connection(
    person_id: int, email: str, browser: Browser, places: Places, language: str, now: datetime
) -> None:
    """At the primary address and at the one that signed in, should only one of them be in the wrong hands.

    `language` is read where the person has chosen none. The place is named now: the worker has no map.
    """
    person = await fetch_first("SELECT language FROM person WHERE id = $1", person_id)
    assert person is not None
    spoken = person["language"] or language
    place = places.find(browser.ip, negotiate(person=spoken).language)
    facts = {
        "user_agent": browser.user_agent[:LONGEST_AGENT],
        "hints": browser.hints,
        "ip": browser.ip,
        "place": place.line if place else "",
        "email": email,
        "at": now.isoformat(),
    }
    primary = (await fetch(OWN, person_id))[0]["email"]
    for reader in dict.fromkeys((primary, email)):
        token = secrets.token_urlsafe(24)
        await NotMeLink.insert(
            NotMeLink(
                token_digest=digest(token),
                sent_to=reader,
                signed_in_with=email,
                signed_in_at=now,
                expires_at=now + NOT_ME_LIFE,
            )
        )
        await AccountMessage.insert(
            AccountMessage(
                sent_to=reader,
                kind=NEW_CONNECTION,
                language=spoken,
                facts=json.dumps(facts | {"not_me": token}),
                created_at=now,
                next_attempt_at=now,
            )
        )
