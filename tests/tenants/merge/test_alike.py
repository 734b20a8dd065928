"""Which two records may be one person, and which only look like it."""

from datetime import date
from time import process_time
from typing import Any

import pytest

from portal.database import practice_lens
from tenants.merge.alike import Known, find_pairs, fold
from tenants.merge.hints import hints_of, list_hints, set_apart
from tests.cast import MONDAY, NORA, Cast
from tests.factories import ERASE
from tests.tenants.merge.records import made, merge, now_of

BIRTHDAY = date(1990, 5, 17)


def known(number: int, name: str = "", **more: Any) -> Known:
    facts: dict[str, Any] = {"birthday": None, "phones": (), "email": None, **more}
    return Known(number, name, **facts)


def why(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, ...]:
    pairs = find_pairs([known(number, **facts) for number, facts in ((1, one), (2, other))])
    return pairs[0].why if pairs else ()


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("marie.roy@gmail.com", "marie.roy@gmial.com", True),
        ("marie.roy@gmail.com", "marie.roy@gmail.co", True),
        ("marie.roy@gmail.com", "marieroy@gmail.com", True),
        ("marie.roy@gmail.com", "marie.roy+physio@gmail.com", True),
        ("marie.roy@gmail.com", "marei.roy@gmail.com", True),
        ("marie.roy@gmail.com", "mari.roy@gmail.com", True),
        ("marie.roy@gmail.com", "narie.roy@gmail.com", True),
        ("marie.roy@gmail.com", "mariie.roy@gmail.com", True),
        ("marie.roy@gmail.com", "marie.roy@hotmail.com", False),
        ("marie.roy@gmail.com", "mario.ray@gmail.com", False),
        ("roy1@example.org", "roy2@example.org", False),
        ("ana@example.org", "anna@example.org", False),
        ("info@a.ca", "info@b.ca", False),
    ],
)
def test_one_slip_in_an_address_is_seen(one: str, other: str, said: bool) -> None:
    assert why({"email": one, "name": "Marie Roy"}, {"email": other, "name": "marie roy"}) == (
        ("email",) if said else ()
    )


def test_slip_in_the_mailbox_of_another_name_is_another_person() -> None:
    one, other = "j.roy.home@example.org", "t.roy.home@example.org"

    assert why({"email": one, "name": "Jean Roy"}, {"email": other, "name": "Théo Roy"}) == ()
    assert why({"email": one, "name": "Jean Roy"}, {"email": other, "name": ""}) == ("email",)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("+14165550132", "+14165550132", True),
        ("+14165550132", "416 555-0132", True),
        ("+33612345678", "06 12 34 56 78", True),
        ("+14165550132", "+15165550132", False),
        ("5550132", "5550132", True),
        ("123", "123", False),
        ("", "", False),
    ],
)
def test_same_phone_is_seen_however_it_was_typed(one: str, other: str, said: bool) -> None:
    assert why({"phones": (one, "")}, {"phones": ("", other)}) == (("phone",) if said else ())


def test_a_family_sharing_a_phone_is_no_hint() -> None:
    phones = ("+14165550132", "")
    people = [
        known(1, phones=phones),
        known(2, phones=phones, guardian_id=1),
        known(3, phones=phones, guardian_id=1),
        known(4, phones=phones),
    ]

    assert {(pair.one, pair.other) for pair in find_pairs(people)} == {(1, 4), (2, 4), (3, 4)}


def test_phone_of_a_crowd_is_no_hint() -> None:
    assert find_pairs([known(number, phones=("+14165550132",)) for number in range(9)]) == []


@pytest.mark.parametrize(
    ("name", "birthday", "said"),
    [("ZOÉ  Œhler", BIRTHDAY, True), ("Oehler Zoe", BIRTHDAY, True), ("Zoé Œhler", None, False), ("", BIRTHDAY, False)],
)
def test_same_name_and_birthday_is_seen(name: str, birthday: date | None, said: bool) -> None:
    assert why({"name": "Zoe Oehler", "birthday": BIRTHDAY}, {"name": name, "birthday": birthday}) == (
        ("birthday",) if said else ()
    )


def test_those_with_the_most_in_common_come_first() -> None:
    both = {"phones": ("+14165550132",), "birthday": BIRTHDAY}
    people = [known(1, "A B", **both), known(2, "A B", **both), known(3, phones=("+14165550199",))]
    people.append(known(4, phones=("+14165550199",)))

    assert [(pair.one, pair.other, pair.why) for pair in find_pairs(people)] == [
        (1, 2, ("birthday", "phone")),
        (3, 4, ("phone",)),
    ]


def test_folds_as_the_database_does() -> None:
    assert fold("Łukasz ŒUVRE Straße Çelik") == "lukasz oeuvre strasse celik"


@pytest.mark.parametrize("pattern", ["client{0}@example.org", "{1}.{2}{0}@gmail.com", "{1}{3}@gmail.com"])
def test_effort_grows_with_the_records_and_not_with_their_pairs(pattern: str) -> None:
    """Measured: a third of a second of one processor for twenty thousand. Pairs would be sixteen times as many."""
    few, many = _effort(_many(5_000, pattern)), _effort(_many(20_000, pattern))

    assert many < 10 * few


def _many(count: int, pattern: str) -> list[Known]:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return [
        known(
            number,
            f"Client {number}",
            birthday=BIRTHDAY.replace(day=1 + number % 28, month=1 + number % 12),
            phones=(f"+1416{number:07}",),
            email=pattern.format(
                number, letters[number % 26], letters[number // 26 % 26] * 3, f"{letters[number % 26]}x{number}"
            ),
        )
        for number in range(count)
    ]


def _effort(people: list[Known]) -> float:
    """The least of three, in seconds of this process."""
    efforts = []
    for _ in range(3):
        begun = process_time()
        find_pairs(people)
        efforts.append(process_time() - begun)
    return min(efforts)


async def test_practice_sees_its_own_pairs_alone(cast: Cast) -> None:
    one = await made(cast.harbour, "marie.roy@gmail.com", first_name="Marie")
    other = await made(cast.harbour, "marie.roy@gmial.com", first_name="Marie")
    await made(cast.meadow, "marie.roy@gmail.co", first_name="Marie")

    async with practice_lens(cast.harbour.tenant):
        listed, count = await list_hints(cast.harbour.tenant, 50)
        beside = await hints_of(cast.harbour.tenant, await now_of(cast.harbour.owner, other))

    assert [(hint.one["id"], hint.other["id"], hint.why) for hint in listed] == [(one["id"], other["id"], ("email",))]
    assert count == 1
    assert [(hint.one["id"], hint.other["id"]) for hint in beside] == [(other["id"], one["id"])]


@pytest.mark.parametrize(
    "more",
    [
        {"phone": "+14165550132"},
        {"first_name": "Zoe", "last_name": "Oehler", "birthday": BIRTHDAY},
        {"email": "z.oehler+tag@example.org"},
        {"email": "zoehlre@example.org"},
    ],
)
async def test_hints_beside_a_record_are_those_of_the_whole_list(cast: Cast, more: dict[str, Any]) -> None:
    whole = {"first_name": "Zoé", "last_name": "Œhler", "birthday": BIRTHDAY, "home_phone": "+14165550132"}
    one = await made(cast.harbour, "zoehler@example.org", **whole)
    other = await made(cast.harbour, **{"email": None, **more})

    async with practice_lens(cast.harbour.tenant):
        listed, _ = await list_hints(cast.harbour.tenant, 50)
        beside = [await hints_of(cast.harbour.tenant, row) for row in (one, other)]

    pair = (one["id"], other["id"])
    assert [(hint.one["id"], hint.other["id"]) for hint in listed] == [pair]
    assert [[(hint.one["id"], hint.other["id"]) for hint in each] for each in beside] == [[pair], [pair[::-1]]]


async def test_two_people_stay_two_for_good(cast: Cast) -> None:
    one, other = [await made(cast.harbour, phone="+14165550132") for _ in range(2)]
    tenant = cast.harbour.tenant

    for _ in range(2):
        async with practice_lens(tenant):
            await set_apart(tenant, other["ref"], one["ref"], NORA, MONDAY)

    async with practice_lens(tenant):
        assert (await list_hints(tenant, 50), await hints_of(tenant, one)) == (([], 0), [])


async def test_merged_and_erased_records_are_no_hints(cast: Cast) -> None:
    rows = [await made(cast.harbour, f"{name}@example.org", phone="+14165550132") for name in "ab"]
    await cast.harbour.owner.execute(ERASE, (await made(cast.harbour, phone="+14165550132"))["id"])
    await merge(cast.harbour.tenant, rows[0], rows[1])

    async with practice_lens(cast.harbour.tenant):
        assert await list_hints(cast.harbour.tenant, 50) == ([], 0)
