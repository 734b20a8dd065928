"""What was done, as a sentence: whole ones where an act has a name of its own, else a verb and the thing."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from portal.languages.words import Words, words_in

# Which of the fields that changed names the act, the first one that holds something before those that hold nothing.
_SIGNS: dict[str, tuple[str, ...]] = {
    "appointment": (
        "declined_at",
        "accepted_at",
        "cancelled_at",
        "moved_at",
        "no_show_at",
        "completed_at",
        "arrived_at",
        "confirmed_at",
    ),
    "client_record": ("merged_into", "erased_at", "erase_at"),
    "client_note": ("removed_at",),
    "client_document": ("removed_at", "shared_at"),
    "client_merge": ("undone_at",),
    "consent": ("withdrawn_at",),
    "transfer": ("cancelled_at", "finished_at", "asked_at"),
    "waiting_wish": ("ended_at",),
    "waiting_offer": ("accepted_at", "declined_at", "expired_at"),
    "membership": ("ended_at",),
    "invitation": ("accepted_at", "withdrawn_at"),
    "reminder_rule": ("ended_at",),
    "practice": ("suspended_at", "delete_at", "published_at"),
}
_RETIRED = ("retired_at",)


def act_of(line: Mapping[str, Any]) -> str:
    """Added, changed or removed; or the field that names the act, with a minus once it holds nothing."""
    if line["did"] != "changed":
        return str(line["did"])
    signs = [name for name in _SIGNS.get(line["what"], _RETIRED) if name in line["fields"]]
    held = [name for name in signs if name not in line["emptied"]]
    return next(iter(held + [f"-{name}" for name in signs]), "changed")


def sentence(line: Mapping[str, Any], names: Mapping[str, str], language: str) -> str:
    """`names`: "who" did it, "name" of the thing (empty for none), "other" for what it was joined with."""
    what, act = line["what"], act_of(line)
    words = words_in(language)
    for known in (_of_appointments, _of_clients, _of_settings):
        if whole := known(language).get((what, act)):
            return whole % names
    thing = _thing(what, names, words)
    return _verbs(language).get(act, _verbs(language)["changed"]) % {"who": names["who"], "thing": thing}


def _thing(what: str, names: Mapping[str, str], words: Words) -> str:
    if what == "closure" and not names["name"]:
        return words.gettext("a closure of the whole practice")
    return things(words.language)[what] % names


@cache
def _verbs(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "added": _("%(who)s added %(thing)s"),
        "changed": _("%(who)s changed %(thing)s"),
        "removed": _("%(who)s removed %(thing)s"),
        "retired_at": _("%(who)s retired %(thing)s"),
        "-retired_at": _("%(who)s brought back %(thing)s"),
        "ended_at": _("%(who)s turned off %(thing)s"),
        "-ended_at": _("%(who)s turned on %(thing)s again"),
    }


@cache
def things(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        "appointment": _("an appointment"),
        "booking_override": _("an exception for an appointment"),
        "resource_use": _("the room of an appointment"),
        "waiting_wish": _("a wish on the waiting list"),
        "waiting_offer": _("an offer to somebody who waits"),
        "client_record": _("the details of a client"),
        "client_note": _("a note on a client"),
        "client_document": _("a document of a client"),
        "client_merge": _("the merge of two records"),
        "consent": _("the consent of a client"),
        "erasure": _("the trace of an erasure"),
        "retention_choice": _("how long one record is kept"),
        "transfer": _("an import or export"),
        "transfer_download": _("the download of an export"),
        "service": _("the service %(name)s"),
        "service_text": _("the translation of the service %(name)s"),
        "service_practitioner": _("who gives the service %(name)s"),
        "service_place": _("where the service %(name)s is given"),
        "service_need": _("what the service %(name)s needs"),
        "practitioner": _("the practitioner %(name)s"),
        "place": _("the place %(name)s"),
        "resource_kind": _("the kind of rooms or equipment %(name)s"),
        "resource": _("the room or equipment %(name)s"),
        "opening_hours": _("opening hours of %(name)s"),
        "dated_opening": _("the hours of %(name)s on one day"),
        "closure": _("a closure of %(name)s"),
        "booking_policy": _("the booking rules"),
        "message_policy": _("the rules for sending messages"),
        "message_text": _("the practice’s own text of a message"),
        "reminder_rule": _("a reminder"),
        "consent_wording": _("the consent %(name)s"),
        "consent_text": _("the words of the consent %(name)s"),
        "retention_rule": _("the rule for keeping records"),
        "membership": _("the team member %(name)s"),
        "invitation": _("the invitation of %(name)s"),
        "practice": _("the practice’s own details"),
        "practice_text": _("the description of the practice in one language"),
    }


@cache
def _of_appointments(language: str) -> dict[tuple[str, str], str]:
    _ = words_in(language).gettext
    return {
        ("appointment", "added"): _("%(who)s booked an appointment"),
        ("appointment", "declined_at"): _("%(who)s declined a request"),
        ("appointment", "accepted_at"): _("%(who)s accepted a request"),
        ("appointment", "cancelled_at"): _("%(who)s cancelled an appointment"),
        ("appointment", "-cancelled_at"): _("%(who)s restored a cancelled appointment"),
        ("appointment", "moved_at"): _("%(who)s moved an appointment"),
        ("appointment", "no_show_at"): _("%(who)s noted an appointment as missed"),
        ("appointment", "-no_show_at"): _("%(who)s noted that somebody came after all"),
        ("appointment", "completed_at"): _("%(who)s noted an appointment as completed"),
        ("appointment", "-completed_at"): _("%(who)s noted an appointment as not completed after all"),
        ("appointment", "arrived_at"): _("%(who)s noted that somebody has arrived"),
        ("appointment", "-arrived_at"): _("%(who)s noted that somebody has not arrived after all"),
        ("appointment", "confirmed_at"): _("%(who)s noted an appointment as confirmed"),
        ("booking_override", "added"): _("%(who)s put an appointment where it was in the way, on purpose"),
        ("resource_use", "changed"): _("%(who)s gave an appointment another room"),
        ("waiting_wish", "added"): _("%(who)s put somebody on the waiting list"),
        ("waiting_wish", "ended_at"): _("%(who)s took somebody off the waiting list"),
        ("waiting_offer", "added"): _("%(who)s offered a time to somebody who waits"),
        ("waiting_offer", "accepted_at"): _("%(who)s accepted an offer for somebody who waits"),
        ("waiting_offer", "declined_at"): _("%(who)s declined an offer for somebody who waits"),
        ("waiting_offer", "expired_at"): _("%(who)s took an offer back"),
    }


@cache
def _of_clients(language: str) -> dict[tuple[str, str], str]:
    _ = words_in(language).gettext
    return {
        ("client_record", "added"): _("%(who)s made a client’s record"),
        ("client_record", "merged_into"): _("%(who)s merged a record into another"),
        ("client_record", "-merged_into"): _("%(who)s made a merged record stand for itself again"),
        ("client_record", "erased_at"): _("%(who)s erased a record"),
        ("client_record", "erase_at"): _("%(who)s marked a record to be erased"),
        ("client_record", "-erase_at"): _("%(who)s took back that a record is to be erased"),
        ("client_note", "added"): _("%(who)s wrote a note on a client"),
        ("client_note", "removed_at"): _("%(who)s removed a note on a client"),
        ("client_note", "-removed_at"): _("%(who)s brought back a note on a client"),
        ("client_document", "added"): _("%(who)s added a document to a record"),
        ("client_document", "removed_at"): _("%(who)s removed a document from a record"),
        ("client_document", "shared_at"): _("%(who)s shared a document with its client"),
        ("client_document", "-shared_at"): _("%(who)s ended the sharing of a document"),
        ("client_merge", "added"): _("%(who)s merged two records"),
        ("client_merge", "undone_at"): _("%(who)s took a merge back"),
        ("consent", "added"): _("%(who)s noted a consent"),
        ("consent", "withdrawn_at"): _("%(who)s noted that a consent was withdrawn"),
        ("erasure", "added"): _("%(who)s erased a client’s data"),
        ("retention_choice", "added"): _("%(who)s decided how long one record is kept"),
        ("transfer", "added"): _("%(who)s began an import or an export"),
        ("transfer", "cancelled_at"): _("%(who)s stopped an import or an export"),
        ("transfer", "asked_at"): _("%(who)s went on with an import"),
        ("transfer_download", "added"): _("%(who)s took an export away"),
    }


@cache
def _of_settings(language: str) -> dict[tuple[str, str], str]:
    _ = words_in(language).gettext
    return {
        ("service_practitioner", "added"): _("%(who)s noted that %(other)s gives the service %(name)s"),
        ("service_practitioner", "removed"): _("%(who)s noted that %(other)s no longer gives the service %(name)s"),
        ("service_place", "added"): _("%(who)s noted that the service %(name)s is given at %(other)s"),
        ("service_place", "removed"): _("%(who)s noted that the service %(name)s is no longer given at %(other)s"),
        ("service_need", "added"): _("%(who)s noted that the service %(name)s needs this: %(other)s"),
        ("service_need", "removed"): _("%(who)s noted that the service %(name)s no longer needs this: %(other)s"),
        ("membership", "ended_at"): _("%(who)s ended the membership of %(name)s"),
        ("membership", "-ended_at"): _("%(who)s took %(name)s back into the team"),
        ("invitation", "added"): _("%(who)s invited %(name)s"),
        ("invitation", "accepted_at"): _("%(who)s accepted the invitation of %(name)s"),
        ("invitation", "withdrawn_at"): _("%(who)s withdrew the invitation of %(name)s"),
        ("practice", "published_at"): _("%(who)s published the practice’s page"),
        ("practice", "-published_at"): _("%(who)s took the practice’s page offline"),
        ("practice", "suspended_at"): _("%(who)s suspended the practice"),
        ("practice", "-suspended_at"): _("%(who)s let the practice go on"),
        ("practice", "delete_at"): _("%(who)s set a day for deleting the practice"),
        ("practice", "-delete_at"): _("%(who)s called off deleting the practice"),
    }
