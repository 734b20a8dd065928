"""File names as people send them, and as they are kept."""

import pytest

from tenants.documents.kinds import KINDS
from tenants.documents.names import LONGEST, clean_name, last_of_path

NAMES = {
    "Exercises.pdf": "Exercises.pdf",
    "Exercises.PDF": "Exercises.PDF",
    "Exercises": "Exercises.pdf",
    "page.html": "page.html.pdf",
    "Été – genou.pdf": "Été – genou.pdf",
    "../../etc/passwd": "etc-passwd.pdf",
    "a\x00b\r\nc.pdf": "ab c.pdf",
    "plan\u202efdp.exe": "planfdp.exe.pdf",
    "zero\u200bwidth\ufeff.pdf": "zerowidth.pdf",
    'quote"semi;colon:.pdf': "quote-semi;colon.pdf",
    "  .. spaced   out ..pdf": "spaced out.pdf",
    "": "document.pdf",
    "\x00\u202e/": "document.pdf",
    "\ud800.pdf": "pdf.pdf",
    "x" * 300 + ".pdf": "x" * (LONGEST - 4) + ".pdf",
}


@pytest.mark.parametrize("said", NAMES, ids=repr)
def test_name_is_cleaned_and_ends_as_its_kind(said: str) -> None:
    assert clean_name(said, KINDS["pdf"]) == NAMES[said]


def test_each_kind_keeps_the_endings_that_are_its_own() -> None:
    said = {name: clean_name(f"a{kind.endings[-1]}", kind) for name, kind in KINDS.items()}

    assert said == {name: f"a{kind.endings[-1]}" for name, kind in KINDS.items()}


def test_folders_of_somebody_s_disk_are_left_out() -> None:
    assert [last_of_path(sent) for sent in ("C:\\Users\\Nora\\a.pdf", "/home/nora/a.pdf", "a.pdf")] == ["a.pdf"] * 3
