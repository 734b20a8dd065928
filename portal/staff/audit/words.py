"""Tables and columns → words for the audit log. A test reads both off the database, so that none is without."""

from functools import cache

from portal.languages.words import words_in

GROUPS: dict[str, tuple[str, ...]] = {
    "appointments": ("appointment", "booking_override", "resource_use"),
    "waiting": ("waiting_wish", "waiting_offer"),
    "clients": (
        "client_record",
        "client_note",
        "client_document",
        "client_merge",
        "consent",
        "erasure",
        "retention_choice",
    ),
    "transfers": ("transfer", "transfer_download"),
    "offer": (
        "service",
        "service_text",
        "service_practitioner",
        "service_place",
        "service_need",
        "practitioner",
        "place",
        "resource_kind",
        "resource",
    ),
    "hours": ("opening_hours", "dated_opening", "closure"),
    "rules": (
        "booking_policy",
        "message_policy",
        "message_text",
        "reminder_rule",
        "consent_wording",
        "consent_text",
        "retention_rule",
    ),
    "team": ("membership", "invitation"),
    "practice": ("practice", "practice_text"),
}
"""What one can ask for, and the tables that it stands for."""

# What is bookkeeping, or is said by the sentence of the line already.
_OF_ALL = ("id", "tenant_id", "ref", "key", "by_email", "created_at", "created_by", "at", "since", "version", "size")
_OF_APPOINTMENTS = ("sequence", "seat", "shares", "pending", "booking_key", "booked_at", "booked_by", "booked_from")
_OF_TIMES = ("blocked_from", "blocked_until", "series_id", "appointment_id", "hold_id", "over_id", "wish_id")
_BY_WHOM = ("cancelled_by", "confirmed_by", "accepted_by", "shared_by", "removed_by", "undone_by", "withdrawn_by")
_OF_RECORDS = (
    "client_record_id",
    "search",
    "filed_as",
    "reach_email",
    "held",
    "merged_into",
    "merged_at",
    "sms_off_by",
)
_OWN = ("own_first_name", "own_last_name", "own_phone", "own_home_phone", "own_said_at", "withdrawn_how", "how")
_OF_MERGES = ("kept_id", "gone_id", "before", "became", "moved", "text_id", "record_ref", "appointments", "choice")
_OF_FILES = ("file_name", "settings", "counts", "asked_for", "asked_at", "claimed_until", "attempts", "done", "total")
_OF_ENDS = ("checked_at", "finished_at", "failed_at", "failure", "emptied_at", "transfer_id", "form", "sha256")
_OF_OFFERS_MADE = ("offered_at", "expired_at", "lost_at", "ended_why", "given_at", "opened_at")
_NAMED = ("service_id", "wording_id", "plan_version")
_WORKINGS = (*_OF_RECORDS, *_OWN, *_OF_MERGES, *_OF_FILES, *_OF_ENDS, *_OF_OFFERS_MADE, *_NAMED)
UNTOLD = frozenset((*_OF_ALL, *_OF_APPOINTMENTS, *_OF_TIMES, *_BY_WHOM, *_WORKINGS))


def group_words(group: str, language: str) -> str:
    _ = words_in(language).gettext
    return {
        "appointments": _("Appointments"),
        "waiting": _("Waiting list"),
        "clients": _("Clients"),
        "transfers": _("Import and export"),
        "offer": _("What you offer"),
        "hours": _("Opening hours and closures"),
        "rules": _("Rules and texts"),
        "team": _("Team"),
        "practice": _("The practice"),
    }[group]


@cache
def column_words(language: str) -> dict[str, str]:
    """By the column's name; one that means two things does so in different tables alone, and both read well."""
    return {**_of_many(language), **_of_offers(language), **_of_clients(language), **_of_rules(language)}


def _of_many(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "name": _("name"),
        "about": _("description"),
        "title": _("profession"),
        "email": _("e-mail"),
        "phone": _("phone"),
        "website": _("website"),
        "street": _("street"),
        "postcode": _("postal code"),
        "city": _("city"),
        "country": _("country"),
        "directions": _("how to get there"),
        "zone": _("time zone"),
        "position": _("place in the list"),
        "language": _("language"),
        "languages": _("languages"),
        "currency": _("currency"),
        "slug": _("address of the page"),
        "accent": _("colour"),
        "logo": _("logo"),
        "published_at": _("published"),
        "suspended_at": _("suspended"),
        "suspended_why": _("why it is suspended"),
        "delete_at": _("to be deleted"),
        "retired_at": _("no longer offered since"),
        "ended_at": _("ended"),
        "role": _("role"),
        "sees_all_clients": _("sees all clients"),
        "sees_contacts": _("sees contact details"),
        "tell": _("is told of changes"),
        "joined_at": _("joined"),
        "new_practitioner": _("new practitioner"),
        "expires_at": _("valid until"),
        "accepted_at": _("accepted"),
        "withdrawn_at": _("withdrawn"),
        "practitioner_id": _("practitioner"),
        "place_id": _("place"),
    }


def _of_offers(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "duration": _("length"),
        "buffer_before": _("time before"),
        "buffer_after": _("time after"),
        "step": _("starts every"),
        "price": _("price"),
        "capacity": _("people at once"),
        "online": _("bookable online"),
        "needs_approval": _("needs approval"),
        "colour": _("colour"),
        "kind_id": _("kind"),
        "resource_id": _("room or equipment"),
        "what": _("room or equipment"),
        "weekday": _("weekday"),
        "opens": _("opens"),
        "closes": _("closes"),
        "from_day": _("first day"),
        "until_day": _("last day"),
        "day": _("day"),
        "starts_at": _("start"),
        "ends_at": _("end"),
        "reason": _("reason"),
        "holiday": _("public holiday"),
    }


def _of_clients(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "first_name": _("first name"),
        "last_name": _("last name"),
        "home_phone": _("home phone"),
        "birthday": _("birthday"),
        "tags": _("tags"),
        "guardian_id": _("whose address is used"),
        "sms_off_at": _("no SMS"),
        "reminders_off_at": _("no reminders by e-mail"),
        "erase_at": _("to be erased"),
        "erased_at": _("erased"),
        "note": _("note"),
        "kind": _("kind"),
        "shared_at": _("shared"),
        "removed_at": _("removed"),
        "pinned_at": _("pinned"),
        "undone_at": _("taken back"),
        "moved_at": _("moved"),
        "cancelled_at": _("cancelled"),
        "cancel_reason": _("reason"),
        "no_show_at": _("missed"),
        "arrived_at": _("arrived"),
        "completed_at": _("completed"),
        "confirmed_at": _("confirmed"),
        "approve_by": _("to be answered by"),
        "declined_at": _("declined"),
        "weekdays": _("weekdays"),
        "from_minute": _("from"),
        "until_minute": _("until"),
        "first_day": _("first day"),
        "last_day": _("last day"),
    }


def _of_rules(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "minimum_notice": _("shortest notice"),
        "horizon": _("furthest ahead"),
        "cancel_notice": _("cancelling until"),
        "move_notice": _("moving until"),
        "mercy": _("always changeable for"),
        "daily_limit": _("appointments a day"),
        "overbooking": _("overbooking on purpose"),
        "request_lasts": _("requests wait"),
        "open_limit": _("appointments to come"),
        "new_clients": _("new clients online"),
        "offer_lasts": _("offers last"),
        "offer_to": _("offers go to"),
        "quiet_from": _("quiet from"),
        "quiet_until": _("quiet until"),
        "sms_on": _("SMS"),
        "sms_budget": _("SMS parts a month"),
        "sms_folds": _("SMS without accents"),
        "sms_names_service": _("SMS names the service"),
        "notices_off": _("messages not sent"),
        "channel": _("channel"),
        "subject": _("subject"),
        "body": _("text"),
        "minutes_ahead": _("before the start"),
        "condition": _("condition"),
        "late_minutes_left": _("when booked late, if there are left"),
        "off_services": _("not for the services"),
        "off_practitioners": _("not for the practitioners"),
        "keep_months": _("records are kept"),
        "erases": _("erased by itself"),
    }
