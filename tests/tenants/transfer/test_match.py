"""Whose record a row is, and whose word stands."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from tenants.transfer.match import Known, Records, Verdict, judge
from tenants.transfer.reading import Reading

ANA = Known(
    id=1,
    email="ana@example.org",
    shown={"first_name": "Ana", "last_name": "Silva", "phone": "+14165550101", "home_phone": ""},
    own={"first_name": None, "last_name": None, "phone": None, "home_phone": None},
    own_said_at=None,
    held=frozenset(),
    birthday=date(1980, 2, 29),
    language="",
    tags=["knee"],
    has_guardian=False,
    numbers=frozenset({"17"}),
)
BEN = replace(
    ANA, id=2, email=None, shown=ANA.shown | {"first_name": "Bén", "last_name": "OKAFOR"}, numbers=frozenset()
)
SAYS = {"first_name": "Ben", "last_name": "Okafor"}


def verdicts(*rows: dict[str, Any], known: tuple[Known, ...] = (ANA, BEN), insist: bool = False) -> list[Verdict]:
    readings = [Reading(number, [], dict(row)) for number, row in enumerate(rows, start=2)]
    return judge(readings, Records(known), insist=insist)


def told(verdict: Verdict) -> tuple[str, int | None]:
    return verdict.outcome, verdict.record_id


def test_record_is_found_by_address_then_number_then_name_with_birthday_or_phone() -> None:
    rows: list[dict[str, Any]] = [
        {"first_name": "Anna", "email": "ana@example.org", "number": "99"},
        {"first_name": "Ana", "last_name": "Silva", "number": "17"},
        {**SAYS, "birthday": date(1980, 2, 29)},
        {**SAYS, "home_phone": "+14165550101"},
        {**SAYS, "birthday": date(1980, 3, 1)},
        SAYS,
    ]

    found = [told(verdicts(row)[0]) for row in rows]

    assert found == [("changed", 1), ("unchanged", 1), ("changed", 2), ("changed", 2), ("new", None), ("new", None)]


def test_name_is_no_proof_beside_another_address() -> None:
    row = {"first_name": "Ana", "last_name": "Silva", "birthday": ANA.birthday, "email": "other@example.org"}

    assert told(verdicts(row)[0]) == ("new", None)


def test_number_of_a_record_with_another_address_is_refused() -> None:
    verdict = verdicts({"first_name": "Ana", "email": "other@example.org", "number": "17"})[0]

    assert (verdict.outcome, verdict.reading.faults) == ("refused", {"email": "other_email"})


def test_two_records_that_could_be_meant_are_not_chosen_between() -> None:
    verdict = verdicts({**SAYS, "birthday": BEN.birthday}, known=(BEN, replace(BEN, id=3)))[0]

    assert (verdict.outcome, verdict.reading.faults) == ("refused", {"row": "ambiguous"})


def test_second_row_of_one_client_is_refused() -> None:
    rows = [
        {"first_name": "A", "email": "a@example.org"},
        {"first_name": "B", "email": "a@example.org"},
        {"first_name": "Ana", "email": "ana@example.org"},
        {"first_name": "Ana", "number": "17"},
        {"first_name": "C"},
        {"first_name": "C"},
    ]

    found = verdicts(*rows)

    assert [verdict.reading.faults for verdict in found] == [
        {},
        {"email": "twice"},
        {},
        {"row": "twice"},
        {},
        {"row": "twice"},
    ]


def test_bare_name_is_found_again_by_a_bare_name_alone() -> None:
    bare = replace(BEN, shown=BEN.shown | {"phone": ""}, birthday=None)

    assert told(verdicts(SAYS, known=(ANA, bare))[0]) == ("changed", 2)
    assert verdicts(SAYS, known=(ANA, bare))[0].changes == {"first_name": "Ben", "last_name": "Okafor"}


def test_what_clients_say_themselves_stands() -> None:
    word: dict[str, str | None] = {"phone": "+14165550101", "home_phone": ""}
    own = replace(ANA, own=ANA.own | word, own_said_at=datetime(2026, 1, 1, tzinfo=UTC))
    row = {"first_name": "Anna", "email": "ana@example.org", "phone": "+14165550199", "home_phone": "+14165550198"}

    kept, laid_over = (verdicts(row, known=(own,), insist=insist)[0] for insist in (False, True))

    assert (kept.changes, kept.aside, kept.held) == ({"first_name": "Anna"}, ["phone", "home_phone"], None)
    assert (laid_over.changes["phone"], laid_over.aside) == ("+14165550199", [])
    assert laid_over.held == ["home_phone", "phone"]


def test_what_the_practice_holds_already_is_its_own_to_change_and_no_more_held_once_it_is_the_client_s() -> None:
    held = replace(ANA, own=ANA.own | {"phone": "+14165550155"}, held=frozenset({"phone"}))
    row = {"first_name": "Ana", "email": "ana@example.org"}

    changed = verdicts({**row, "phone": "+14165550199"}, known=(held,))[0]
    restored = verdicts({**row, "phone": "+14165550155"}, known=(held,))[0]

    assert (changed.changes, changed.held) == ({"phone": "+14165550199"}, None)
    assert (restored.changes, restored.held) == ({"phone": "+14165550155"}, [])


def test_tags_are_added_and_an_address_is_given_only_to_who_has_none() -> None:
    child = replace(BEN, has_guardian=True)
    row = {**SAYS, "birthday": BEN.birthday, "email": "ben@example.org", "tags": ["Knee", "back"]}

    given, refused = verdicts(row)[0], verdicts(row, known=(child,))[0]

    assert (given.changes["email"], given.changes["tags"]) == ("ben@example.org", ["knee", "back"])
    assert refused.reading.faults == {"email": "guardian"}
