from tenants.scope import fetch

TURN = "SELECT pg_advisory_xact_lock(hashtextextended('practitioner ' || $1, 0))"


async def take_turn(practitioner_ref: str) -> None:
    """Rivals for one practitioner take turns until their transactions end, where a constraint alone is not enough.

    An UPDATE has no ON CONFLICT that keeps rivals from deadlock, and seats of a group are counted before one is taken.
    """
    await fetch(TURN, practitioner_ref)
