"""Whether a notice still has something to say."""

from datetime import datetime

from tenants.notifications.facts import AppointmentFacts


def reason_not_to_say(kind: str, sequence: int, appointment: AppointmentFacts, now: datetime) -> str | None:
    """A later change has a notice of its own, so an older one stays unsaid; None when it is to be said."""
    if appointment.email is None:
        return "no_address"
    if appointment.starts_at <= now:
        return "begun"
    if appointment.cancelled_at is not None and kind != "cancelled":
        return "cancelled_since"
    if sequence < appointment.sequence:
        return "changed_since"
    return None
