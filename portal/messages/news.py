"""What one message has to say of each appointment that it was to tell of, as things stand now."""

from collections.abc import Callable
from dataclasses import dataclass

from portal.messages.known import Known, Reader
from portal.messages.queue import NotOwed, Row
from tenants.notifications.change import what_to_say
from tenants.notifications.facts import AppointmentFacts

Say = Callable[[Row, AppointmentFacts], str]
"""The kind of text; raises NotOwed when there is nothing to say."""


@dataclass(frozen=True, slots=True)
class News:
    """`appointments`, by their start, are those of which the message says the same as of its own: its `kind` of text.

    Where there is nothing to say of its own, `silent` is why and there are none. `fallen` are rows of which there is
    nothing to say, with why; `heirs` are those of which there is, but not this: they speak for themselves, the first
    of them for all.
    """

    kind: str
    appointments: tuple[AppointmentFacts, ...]
    fallen: dict[int, str]
    heirs: tuple[int, ...]
    silent: str = ""


def sort_out(row: Row, known: Known, say: Say) -> News:
    """`row` speaks for itself and for those that are told with it."""
    said: dict[int, tuple[str, AppointmentFacts]] = {}
    fallen = {}
    for told in (row, *known.together[row["id"]]):
        try:
            appointment = _still_to_come(told, known)
            said[told["id"]] = say(told, appointment), appointment
        except NotOwed as reason:
            fallen[told["id"]] = str(reason)
    silent = fallen.pop(row["id"], "")
    kind = "" if silent else said[row["id"]][0]
    in_order = sorted(said, key=lambda id_: said[id_][1].starts_at)
    return News(
        kind,
        tuple(said[id_][1] for id_ in in_order if said[id_][0] == kind),
        fallen,
        tuple(id_ for id_ in in_order if said[id_][0] != kind),
        silent,
    )


def to_client(known: Known) -> Say:
    def say(row: Row, appointment: AppointmentFacts) -> str:
        if row["kind"] == "asked":
            if appointment.cancelled_at is not None:
                raise NotOwed("cancelled")
            if appointment.pending:
                raise NotOwed("not_agreed")
            if appointment.confirmed_at is not None:
                raise NotOwed("confirmed_already")
            return "asked"
        kind = what_to_say(known.changes[appointment.id], known.told[appointment.id, None], row["sequence"])
        if not kind:
            raise NotOwed(_nothing_new(row, appointment))
        return kind if kind != "cancelled" else _cancelled_by(appointment)

    return say


def to_member(known: Known, membership_id: int, reader: Reader) -> Say:
    def say(row: Row, appointment: AppointmentFacts) -> str:
        changes, told = known.changes[appointment.id], known.told[appointment.id, membership_id]
        kind = what_to_say(changes, told, row["sequence"], reader=reader.email or "", own=reader.practitioner_id)
        if not kind:
            raise NotOwed(_nothing_new(row, appointment))
        return kind

    return say


def _still_to_come(row: Row, known: Known) -> AppointmentFacts:
    appointment = known.appointments[row["appointment_id"]]
    if appointment.starts_at <= known.now:
        raise NotOwed("begun")
    return appointment


def _cancelled_by(appointment: AppointmentFacts) -> str:
    return "cancelled_by_client" if appointment.cancelled_by == "client" else "cancelled_by_practice"


def _nothing_new(row: Row, appointment: AppointmentFacts) -> str:
    return "changed_since" if row["sequence"] < appointment.sequence else "nothing_new"
