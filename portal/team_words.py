"""A team in words: what a role is called and may do, what somebody does not see, who invites whom as what."""

from collections.abc import Mapping
from typing import Any

from portal.languages.words import Words
from tenants.team.permissions import ADMIN, PROFESSIONAL, RECEPTIONIST

_SHOWN_AT_MOST = 2


def role_name(role: str, words: Words) -> str:
    return {
        ADMIN: words.gettext("Admin"),
        RECEPTIONIST: words.gettext("Reception"),
        PROFESSIONAL: words.gettext("Professional"),
    }[role]


def role_choices(words: Words) -> list[tuple[str, str, str]]:
    """Value, name, and in a sentence what `tenants/team/permissions.py` lets each do."""
    _ = words.gettext
    about = {
        ADMIN: _(
            "Runs the practice: does everything, changes the settings and the team, imports, exports and erases "
            "clients, and reads the audit log."
        ),
        RECEPTIONIST: _(
            "Keeps the book for everybody: appointments, requests, the waiting list, clients and messages. Reads the "
            "settings, but changes none."
        ),
        PROFESSIONAL: _(
            "Receives clients: keeps the book like the reception, and plans their own hours and time off. You say what "
            "they see of clients."
        ),
    }
    return [(role, role_name(role, words), sentence) for role, sentence in about.items()]


def kept_from(row: Mapping[str, Any], words: Words) -> list[str]:
    """What a member, or whoever is invited, does not see."""
    said = []
    if not row["sees_all_clients"]:
        said.append(words.gettext("Sees their own clients only"))
    if not row["sees_contacts"]:
        said.append(words.gettext("Sees no e-mail address and no phone number"))
    return said


def said_invitation(who: str, practice: str, role: str, words: Words) -> str:
    facts = {"who": who, "practice": practice}
    match role:
        case "admin":
            return words.gettext("%(who)s invites you to work at %(practice)s as an admin.", **facts)
        case "receptionist":
            return words.gettext("%(who)s invites you to work at %(practice)s at the reception.", **facts)
        case _:
            return words.gettext("%(who)s invites you to work at %(practice)s as a professional.", **facts)


def masked(email: str) -> str:
    """For whoever may not be the address's owner: enough to know one's own by."""
    mailbox, _, domain = email.rpartition("@")
    shown = mailbox[:_SHOWN_AT_MOST] if len(mailbox) > _SHOWN_AT_MOST else mailbox[:1]
    return f"{shown}•••@{domain}"
