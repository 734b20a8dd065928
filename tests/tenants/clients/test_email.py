# ruff: noqa: RUF001 - signs that look like others are what this is about
"""The one form of an address: what is the same person's becomes one, what may be another's stays apart."""

import unicodedata
from contextlib import suppress
from dataclasses import replace
from email import message_from_string, policy

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.messages.email.mail import as_mail
from tenants.clients.email import LONGEST, normal
from tests.portal.messages.test_smtp import LETTER

SIGNS = "abz0.-_+'!#$%&*/=?^`{|}~"
LETTERS = "éßẞİıŉǰΐςσΣΆŐǅﬁK中文مй" + "e\u0301o\u0308a\u0323\u0307"
DOTS = "。．｡"
STRANGE = (
    '\x00\t\r\n\x1b\x7f\x85\xad\u034f\u061c\u200b\u200d\u200e\u202e\u2028\u2066\u2069\ufeff\ud800\ue000 "<>()@,;:[]\\'
)

mailboxes = st.text(SIGNS + LETTERS, min_size=1, max_size=70)
labels = st.text("abz09-" + LETTERS, min_size=1, max_size=20) | st.sampled_from(["xn--bcher-kva", "bücher", "ＥＸ"])
domains = st.builds(
    lambda some, dots: "".join(label + dot for label, dot in zip(some, dots, strict=False)) + "org",
    st.lists(labels, min_size=1, max_size=12),
    st.lists(st.sampled_from("." + DOTS), min_size=12, max_size=12),
)
addresses = st.builds("{}@{}".format, mailboxes, domains)
anything = st.one_of(
    addresses,
    st.text(SIGNS + LETTERS + DOTS + STRANGE, max_size=80).map("{}@example.org".format),
    st.text(SIGNS + STRANGE, max_size=40).map("ana@{}.org".format),
    st.text(st.characters(codec=None), max_size=60),
)
any_of_them = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def kept(typed: str) -> str | None:
    with suppress(ValueError):
        return normal(typed)
    return None


@given(typed=anything)
@example(typed="ŉ" * 64 + "@" + "a." * 90 + "org")
@example(typed="İ" * 64 + "@example.org")
@example(typed="a" * 5000)
@example(typed="a@" + "é." * 5000)
@example(typed="e" + "\u0301\u0323" * 2500 + "@example.org")
@any_of_them
def test_whatever_is_typed_is_refused_or_kept_in_one_safe_form(typed: str) -> None:
    found = kept(typed)

    if found is not None:
        assert normal(found) == found
        assert (len(found.encode()), found.count("@")) == (min(len(found.encode()), LONGEST), 1)
        assert not [sign for sign in found if unicodedata.category(sign)[0] in "CZ"]


@given(typed=addresses)
@any_of_them
def test_form_of_unicode_never_matters(typed: str) -> None:
    composed = kept(unicodedata.normalize("NFC", typed))

    assert kept(unicodedata.normalize("NFD", typed)) == composed
    assert kept(f"  {typed}\n") == composed


def test_long_address_is_the_same_written_with_accents_apart() -> None:
    composed = "é" * 60 + "@" + "é" * 40 + ".org"

    assert normal(unicodedata.normalize("NFD", composed)) == composed


@given(typed=addresses, data=st.data())
@any_of_them
def test_case_never_matters(typed: str, data: st.DataObject) -> None:
    """Where a letter has one capital and that one no other small letter; of the others below."""
    typed = typed.lower().translate(dict.fromkeys(map(ord, "ßſςσ\u0345"), "a"))
    big = data.draw(st.lists(st.booleans(), min_size=len(typed), max_size=len(typed)))

    other = "".join(
        sign.upper() if up and sign.upper().lower() == sign else sign for sign, up in zip(typed, big, strict=True)
    )

    assert kept(other) == kept(typed)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Ana@Example.ORG", "ana@example.org"),
        ("ÉLODIE@ÉCOLE.example", "élodie@école.example"),
        ("STRAẞE@example.org", "straße@example.org"),
        ("ΝΊΚΟΣ.ΠΑΠΠΆΣ@example.org", "νίκος.παππάς@example.org"),
        ("\u212aim@example.org", "kim@example.org"),
        ("ana@XN--BCHER-KVA.example", "ana@bücher.example"),
        ("ana@Bu\u0308cher。example", "ana@bücher.example"),
        ("ana@ｅｘａｍｐｌｅ．ｏｒｇ", "ana@example.org"),
        ("ana@xn--strae-oqa.example", "ana@straße.example"),
    ],
)
def test_one_mailbox_has_one_form(typed: str, found: str) -> None:
    assert normal(typed) == found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "ana+carnet@example.org"),
        ("anasilva@example.org", "ana.silva@example.org"),
        ("straße@example.org", "strasse@example.org"),
        ("ana@straße.example", "ana@strasse.example"),
        ("ana@οδος.example", "ana@οδοσ.example"),
        ("İna@example.org", "ina@example.org"),
        ("ına@example.org", "ina@example.org"),
        ("ﬁna@example.org", "fina@example.org"),
        ("ana@example.org", "аna@example.org"),  # Cyrillic
    ],
)
def test_mailboxes_that_may_be_two_people_s_stay_two(one: str, other: str) -> None:
    assert normal(one) != normal(other)


@given(one=mailboxes, other=mailboxes)
@any_of_them
def test_mailboxes_are_one_only_by_case_and_form(one: str, other: str) -> None:
    found = kept(f"{one}@example.org")

    if found is not None and found == kept(f"{other}@example.org"):
        small, also_small = (unicodedata.normalize("NFC", each).lower().replace("ς", "σ") for each in (one, other))
        assert small == also_small


@given(typed=addresses)
@any_of_them
def test_mail_goes_to_whatever_is_kept(typed: str) -> None:
    found = kept(typed)
    if found is None:
        return

    mail = as_mail(replace(LETTER, to=found), "carnet@portal.example")

    mailbox = found.split("@")[0]
    wire = mail.as_bytes(policy=policy.SMTP if mailbox.isascii() else policy.SMTPUTF8).decode()
    (to,) = message_from_string(wire, policy=policy.SMTPUTF8)["To"].addresses
    assert to.username == mailbox
    assert to.domain.isascii()
    assert normal(to.addr_spec) == found


async def test_tables_have_room_for_the_longest(owner: asyncpg.Connection) -> None:
    lengths = [len(f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * more}.org") for more in range(40, 64)]
    found = [kept(f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * more}.org") for more in range(40, 64)]

    rows = await owner.fetch(_ROOM)

    assert [each is not None for each in found] == [length <= LONGEST for length in lengths]
    assert {row["definition"] for row in rows} == {f"CHECK ((length({row['column']}) <= {LONGEST}))" for row in rows}


_ROOM = """
SELECT attname AS column, pg_get_constraintdef(pg_constraint.oid) AS definition
FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
WHERE contype = 'c' AND attname IN ('email', 'sent_to')
"""
