"""What each role may do at a practice: the one table, which every door of the desk asks."""

from enum import StrEnum

ADMIN, RECEPTIONIST, PROFESSIONAL = ROLES = ("admin", "receptionist", "professional")


class Permission(StrEnum):
    """What a door needs of whoever comes through it."""

    CALENDAR = "calendar"
    """See the calendar; as a professional who does not see all clients, their own."""
    ARRANGE = "arrange"
    """Book, move and cancel appointments, and note who came."""
    REQUESTS = "requests"
    """Accept and decline what clients ask for."""
    WAITING = "waiting"
    """See who waits, and keep the list."""
    CLIENTS = "clients"
    """Find records and read them."""
    CHANGE_CLIENTS = "change_clients"
    """Make records, and write notes, tags, consents and documents."""
    CONTACTS = "contacts"
    """See and change how clients are reached."""
    JOIN_CLIENTS = "join_clients"
    """Tell duplicates apart, merge them, and take that back."""
    ERASE_CLIENTS = "erase_clients"
    """Erase records, and bring back notes that were removed."""
    TRANSFER = "transfer"
    """Import and export."""
    MESSAGES = "messages"
    """Read what was sent to clients."""
    SEND = "send"
    """Send it again, ask for a confirmation, and say by what way a client is reached."""
    OWN = "own"
    """What concerns oneself alone."""
    HOURS = "hours"
    """Plan hours and closures: one's own, an admin everybody's (`Member.may_plan`)."""
    SETTINGS = "settings"
    """Look at how the practice is set up."""
    CHANGE_SETTINGS = "change_settings"
    """Change it: services, places, practitioners, rules, texts, the practice's page."""
    TEAM = "team"
    """Invite members, and change or end what they may do."""
    AUDIT = "audit"
    """Read who did what."""


_EVERYBODY = {
    Permission.CALENDAR,
    Permission.ARRANGE,
    Permission.REQUESTS,
    Permission.WAITING,
    Permission.CLIENTS,
    Permission.CHANGE_CLIENTS,
    Permission.CONTACTS,
    Permission.JOIN_CLIENTS,
    Permission.MESSAGES,
    Permission.SEND,
    Permission.OWN,
    Permission.SETTINGS,
}

MAY: dict[str, frozenset[Permission]] = {
    ADMIN: frozenset(Permission),
    RECEPTIONIST: frozenset(_EVERYBODY),
    PROFESSIONAL: frozenset(_EVERYBODY | {Permission.HOURS}),
}

OF_ALL_CLIENTS = frozenset({Permission.JOIN_CLIENTS})
"""What a professional who sees their own clients alone may not do."""

OF_CONTACTS = frozenset({Permission.CONTACTS, Permission.JOIN_CLIENTS})
"""What a professional who sees no address and no number may not do."""


def permissions(role: str, *, sees_all_clients: bool, sees_contacts: bool) -> frozenset[Permission]:
    may = MAY[role]
    if not sees_all_clients:
        may -= OF_ALL_CLIENTS
    if not sees_contacts:
        may -= OF_CONTACTS
    return may
