"""What is about to leave is written down before it leaves: to whom, in which words, and out of which budget."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from portal.database import worker_lens
from portal.messages.known import Known
from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.messages.letters.brief import Brief
from portal.messages.letters.letter import Letter
from portal.messages.letters.text import Text
from portal.messages.queue import NotOwed, Row, Unwritable, Written
from portal.people.pace import count_each
from tenants.scope import fetch
from tenants.writing.spend import Wish, reserve_parts

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
MOST_TO_ONE_NUMBER = 10
MOST_TO_ONE_PERSON = 15
MOST_FROM_ONE_PLACE = 30
"""SMS a day about appointments that one network address has booked: a loop of booking and cancelling ends here."""

_ABOUT_TO_LEAVE = """
UPDATE message SET channel = leaving.channel, sent_to = leaving.sent_to, said = leaving.said, parts = leaving.parts,
                   instead_of = leaving.instead_of
FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[])
     AS leaving (id, channel, sent_to, said, parts, instead_of)
WHERE message.id = leaving.id
"""

_INHERIT = """
UPDATE message SET told_with = CASE WHEN id <> $2 THEN $2 END, next_attempt_at = $3 WHERE id = ANY ($1::bigint[])
"""

_FALLEN = """
UPDATE message SET skipped_at = $3, skip_reason = fallen.reason, told_with = NULL
FROM unnest($1::bigint[], $2::text[]) AS fallen (id, reason) WHERE message.id = fallen.id
"""


@dataclass(frozen=True, slots=True)
class Ready:
    """One row with what came of writing it. `fallen` are rows that it would have told, too, and why it does not.

    `heirs` are rows that it should have told and cannot: because it has nothing to say any more, or not the same of
    them. The first of them speaks from now on, for all of them.
    """

    row: Row
    message: Written
    brief: Brief | None = None
    instead_of: str = ""
    fallen: Mapping[int, str] = field(default_factory=dict)
    heirs: tuple[int, ...] = ()


async def reserve(ready: Sequence[Ready], known: Known) -> list[Written]:
    """In their order; what finds no budget goes by e-mail, or not at all."""
    held = await _within_pace(ready, known)
    async with worker_lens():
        leaving = await _within_budget(held, known)
        await _write_down([each for each in leaving if isinstance(each.message, Letter | Text)])
        fallen = {id_: reason for each in leaving for id_, reason in each.fallen.items()}
        if fallen:
            await fetch(_FALLEN, list(fallen), list(fallen.values()), known.now)
        for each in leaving:
            if each.heirs:
                await fetch(_INHERIT, list(each.heirs), each.heirs[0], known.now)
    return [each.message for each in leaving]


async def _within_pace(ready: Sequence[Ready], known: Known) -> list[Ready]:
    """A second attempt is not counted again."""
    wanted = {
        each.row["id"]: _paces(each) for each in ready if isinstance(each.message, Text) and each.row["attempts"] == 1
    }
    counted = Counter(key for paces in wanted.values() for key in paces)
    before = Counter(await count_each(counted, A_DAY, known.now)) - counted
    held = []
    for each in ready:
        paces = wanted.get(each.row["id"], {})
        before.update(paces.keys())
        too_many = any(before[key] > most for key, most in paces.items())
        held.append(replace(each, message=NotOwed("too_many_texts")) if too_many else each)
    return held


def _paces(ready: Ready) -> dict[str, int]:
    assert ready.brief is not None
    appointment = ready.brief.first
    paces = {f"sms to {appointment.phone}": MOST_TO_ONE_NUMBER}
    if appointment.email:
        paces[f"sms for {appointment.email}"] = MOST_TO_ONE_PERSON
    if appointment.booked_from:
        paces[f"sms from {appointment.booked_from}"] = MOST_FROM_ONE_PLACE
    return paces


async def _within_budget(ready: Sequence[Ready], known: Known) -> list[Ready]:
    """What an earlier attempt has reserved stands."""
    wishes = {each.row["id"]: wish for each in ready if (wish := _wish(each))}
    exhausted = [known.tenants[each.row["tenant_id"]] for each in ready if _found_no_budget(each)]
    granted = await reserve_parts(list(wishes.values()), exhausted, known.now)
    fits = dict(zip(wishes, granted, strict=True))
    return [each if fits.get(each.row["id"], True) else _without_budget(each, known) for each in ready]


def _wish(ready: Ready) -> Wish | None:
    if not isinstance(ready.message, Text) or ready.row["parts"]:
        return None
    assert ready.brief is not None
    return Wish(ready.brief.practice, ready.message.parts, ready.brief.rules.sms_budget)


def _found_no_budget(ready: Ready) -> bool:
    return bool(ready.instead_of) or (isinstance(ready.message, NotOwed) and str(ready.message) == "budget_spent")


def _without_budget(ready: Ready, known: Known) -> Ready:
    assert ready.brief is not None
    if ready.row["kind"] == "reminder" and known.reach(ready.brief.first).reminder_email is None:
        return replace(ready, message=_letter_instead(ready.brief, known), instead_of="sms")
    return replace(ready, message=NotOwed("budget_spent"))


def _letter_instead(brief: Brief, known: Known) -> Written:
    try:
        return write_appointment_letter(brief, known.now)
    except Exception:
        log.exception("a message could not be written")
        return Unwritable()


async def _write_down(leaving: Sequence[Ready]) -> None:
    if not leaving:
        return
    facts = [_facts(each.message) for each in leaving]
    ids = [each.row["id"] for each in leaving]
    columns = [list(column) for column in zip(*facts, strict=True)]
    await fetch(_ABOUT_TO_LEAVE, ids, *columns, [each.instead_of for each in leaving])


def _facts(message: Written) -> tuple[str, str, str, int]:
    if isinstance(message, Text):
        return "sms", message.to, message.body, message.parts
    assert isinstance(message, Letter)
    return "email", message.to, message.subject, 0
