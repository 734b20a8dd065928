"""What each person has signed in from before. Only something new there is worth a mail."""

from datetime import datetime, timedelta

from portal.people.devices import Browser, device_family
from tenants.scope import fetch, fetch_first

KEPT = timedelta(days=400)
"""After the last sign-in."""
NOT_ME_LIFE = timedelta(hours=72)
"""How long a sign-in can be disowned, and is not sure to be the person's own."""


async def is_new_to(person_id: int, browser: Browser, country: str, now: datetime, *, same_browser: bool) -> bool:
    """Whether the device or the country has not been seen before, which from now on both have.

    Nothing is new to whoever signs in for the first time, and a country tells nothing where none was known yet.
    `same_browser` was signed in already, whatever it calls itself now.
    """
    row = await fetch_first(_REMEMBER, person_id, device_family(browser.user_agent), country, now)
    assert row is not None
    new_device, new_country = row
    return bool(new_device and not same_browser) or bool(new_country)


async def share_devices(from_id: int, to_id: int, now: datetime) -> None:
    """What one account knows, the one that it becomes part of knows from `now` on."""
    await fetch(_SHARE, from_id, to_id, now)


async def forget_shared_devices(person_id: int, shared_at: datetime) -> None:
    await fetch("DELETE FROM known_device WHERE person_id = $1 AND first_seen_at = $2", person_id, shared_at)


async def forget_devices_since(person_id: int, at: datetime) -> None:
    """Those of whoever signed in then are strangers again, and so is what came after them."""
    await fetch("DELETE FROM known_device WHERE person_id = $1 AND first_seen_at >= $2", person_id, at)


async def prune_known_devices(now: datetime) -> None:
    """Of each person at least one stays, or the next stranger would pass for their very first sign-in.

    Inside a people's transaction.
    """
    await fetch(_PRUNE, now - KEPT, now - NOT_ME_LIFE)


_REMEMBER = """
WITH known AS (SELECT device, country FROM known_device WHERE person_id = $1),
remembered AS (
    INSERT INTO known_device (person_id, device, country, first_seen_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT (person_id, device, country) DO UPDATE SET last_seen_at = excluded.last_seen_at
)
SELECT EXISTS (SELECT FROM known) AND NOT EXISTS (SELECT FROM known WHERE device = $2) AS new_device,
       $3 <> '' AND EXISTS (SELECT FROM known WHERE country <> '')
       AND NOT EXISTS (SELECT FROM known WHERE country = $3) AS new_country
"""

_SHARE = """
INSERT INTO known_device (person_id, device, country, first_seen_at, last_seen_at)
SELECT $2, device, country, $3, last_seen_at FROM known_device WHERE person_id = $1
ON CONFLICT (person_id, device, country)
DO UPDATE SET last_seen_at = greatest(known_device.last_seen_at, excluded.last_seen_at)
"""

_PRUNE = """
DELETE FROM known_device WHERE last_seen_at < $1 AND EXISTS (
    SELECT FROM known_device AS own
    WHERE own.person_id = known_device.person_id AND own.last_seen_at >= $1 AND own.first_seen_at < $2
)
"""
