"""The fields that say what somebody may do here: for an invitation and for a member alike."""

from typing import Any

from portal.staff.desk import Desk
from portal.team_words import role_choices
from portal.web.forms import Form
from tenants.refusals import PractitionerMissing, PractitionerTaken, Refusal
from tenants.team.permissions import PROFESSIONAL, RECEPTIONIST, ROLES
from tenants.team.post import Post

NOBODY, NEW = "nobody", "new"
LONGEST_NAME = 120  # the table's


def read_post(form: Form, free: list[tuple[str, str]]) -> Post | None:
    """`free` are the practitioners to choose from. The reception is none; nor is one who is new without a name."""
    role = form.one_of("role", set(ROLES))
    if form.ok and role == RECEPTIONIST:
        return Post(role)
    chosen = form.one_of("practitioner", {NOBODY, NEW, *(ref for ref, _ in free)})
    name = form.text("new_practitioner", LONGEST_NAME, required=role == PROFESSIONAL) if chosen == NEW else ""
    if not form.ok:
        return None
    return Post(
        role=role,
        practitioner=chosen if chosen not in {NOBODY, NEW} else None,
        new_practitioner=name,
        sees_all_clients=bool(form.get("sees_all_clients")),
        sees_contacts=bool(form.get("sees_contacts")),
    )


def typed_from(post: Post) -> list[tuple[str, Any]]:
    typed = [("role", post.role), ("practitioner", post.practitioner or NOBODY)]
    return [*typed, *((name, "yes") for name in ("sees_all_clients", "sees_contacts") if getattr(post, name))]


def beside(refusal: Refusal) -> str:
    """The field that a refusal belongs to, or "" for none."""
    return "practitioner" if isinstance(refusal, PractitionerMissing | PractitionerTaken) else ""


def choices(desk: Desk, free: list[tuple[str, str]]) -> dict[str, Any]:
    _ = desk.viewer.words.gettext
    return {
        "roles": role_choices(desk.viewer.words),
        "practitioners": [(NOBODY, _("Nobody: gives no services")), *free, (NEW, _("A new practitioner"))],
        "longest_name": LONGEST_NAME,
    }
