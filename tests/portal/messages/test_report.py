"""What a mail server's report says, read without a database."""

import pytest

from portal.messages.email.report import Fate, Report, read_report
from tests.portal.messages.reports import ANY_SCRIPT, HEADERS_ALONE, NOBODY, hostile, postfix

ID = "pqrst23456@portal.example"
ANA = frozenset({"ana@example.org"})


def test_message_that_came_back_is_named_with_the_server_s_words() -> None:
    assert read_report(postfix(f"<{ID}>")) == Report(
        (ID,), (Fate(ANA, "failed", "5.1.1", NOBODY.removeprefix("smtp; ")),)
    )


def test_headers_alone_and_the_message_id_among_the_fields_are_enough() -> None:
    report = read_report(HEADERS_ALONE.format(message_id=f"<{ID}>", to="Ana@EXAMPLE.org").encode())

    said = (
        "550-5.1.1 The email account that you tried to reach does not exist. "
        "Please try double-checking the recipient's address. 550 5.1.1 a1b2c3 - gsmtp"
    )
    assert report == Report((ID,), (Fate(ANA, "failed", "5.1.1", said),))


@pytest.mark.parametrize("written", ["andré@bücher.example", r"andr\x{E9}@bücher.example"])
def test_address_of_any_script_is_read_as_it_is_kept(written: str) -> None:
    report = read_report(ANY_SCRIPT.format(message_id=f"<{ID}>", to=written).encode())

    assert report == Report((ID,), (Fate(frozenset({"andré@bücher.example"}), "failed", "5.2.1", "550 5.2.1"),))


def test_domain_in_ascii_is_the_same_domain() -> None:
    report = read_report(postfix(f"<{ID}>", to="ana@xn--bcher-kva.example"))

    assert report is not None
    assert report.fates[0].recipients == frozenset({"ana@bücher.example"})


@pytest.mark.parametrize(
    ("diagnostic", "said"),
    [
        ("smtp; 550 nobody here", "550 nobody here"),
        ("smtp; nobody here", "550 5.1.1 nobody here"),
        ("X-Postfix; unknown user", "550 5.1.1"),
        ("", "550 5.1.1"),
        ("smtp; 550 " + "x" * 900, "550 " + "x" * 296),
        ("smtp; 550 a\x00b\x1b[2J", "550 ab[2J"),
    ],
)
def test_words_begin_with_a_number_and_are_safe_to_keep(diagnostic: str, said: str) -> None:
    report = read_report(postfix(f"<{ID}>", diagnostic=diagnostic))

    assert report is not None
    assert report.fates[0].said == said


@pytest.mark.parametrize("name", hostile())
def test_what_is_sent_to_do_harm_names_no_message_of_ours(name: str) -> None:
    try:
        report = read_report(hostile()[name])
    except (RecursionError, LookupError):  # the reader of the mailbox expects anything
        report = None

    assert (report.about if report else ()) == ()
