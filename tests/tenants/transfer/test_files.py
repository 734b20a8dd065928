"""What a file says, whoever has written it, and the clear answer when nobody can tell."""

import pytest

from tenants.refusals import (
    EncodingUnreadable,
    FileEmpty,
    NotATable,
    QuoteLeftOpen,
    Refusal,
    TooManyColumns,
    TooManyRows,
)
from tenants.transfer.cells import harmless, plain
from tenants.transfer.sheet import MOST_COLUMNS, MOST_ROWS, read_sheet
from tenants.transfer.text import begin_text, read_text

WORDS = "Prénom;Nom\r\nZoé;Noël\r\n"


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", WORDS.encode()),
        ("utf-8", WORDS.encode("utf-8-sig")),
        ("utf-16-le", WORDS.encode("utf-16")),
        ("utf-16-be", b"\xfe\xff" + WORDS.encode("utf-16-be")),
        ("utf-16-le", WORDS.encode("utf-16-le")),
        ("utf-32-le", WORDS.encode("utf-32")),
        ("cp1252", WORDS.encode("cp1252")),
    ],
)
def test_text_is_read_in_whatever_encoding(encoding: str, data: bytes) -> None:
    found = read_text(data)

    assert (found.text, found.encoding) == (WORDS, encoding)
    assert begin_text(data, found.encoding) == WORDS


def test_first_piece_may_end_in_the_middle_of_a_letter() -> None:
    assert begin_text("Zoé".encode()[:-1], "utf-8") == "Zo"


@pytest.mark.parametrize(
    ("data", "refusal", "line"),
    [
        (b"", FileEmpty, 0),
        (b" \r\n\t", FileEmpty, 0),
        (b"\xef\xbb\xbf", FileEmpty, 0),
        (b"PK\x03\x04 a workbook", NotATable, 0),
        (b"%PDF-1.7", NotATable, 0),
        (bytes(range(128, 256)) * 9, EncodingUnreadable, 1),
        (("é" * 20).encode() + b"\nok\n\xff", EncodingUnreadable, 3),
        (b"\xef\xbb\xbfok\n\xe9", EncodingUnreadable, 2),
        (b"\xff\xfe" + "a\ud800".encode("utf-16-le", "surrogatepass") * 9, EncodingUnreadable, 1),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, refusal: type[Refusal], line: int) -> None:
    with pytest.raises(refusal) as refused:
        read_text(data)

    assert getattr(refused.value, "line", 0) == line


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter: str) -> None:
    text = f'First{delimiter}Note\n"Client 17"{delimiter}"one\ntwo; three, four"\n\nClient 18{delimiter}\n'

    sheet = read_sheet(text)

    assert (sheet.delimiter, sheet.headings) == (delimiter, ["First", "Note"])
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (2, ["Client 17", "one\ntwo; three, four"]),
        (4, ["Client 18", ""]),
    ]


def test_delimiter_that_excel_names_is_taken_at_its_word() -> None:
    assert read_sheet("sep=;\nA,B;C\n1,2;3\n").headings == ["A,B", "C"]


def test_rows_of_any_length_and_headings_of_one_name_are_read_as_they_stand() -> None:
    sheet = read_sheet("Phone,Phone,\n1\n1,2,3,4\n")

    assert (sheet.headings, [row.cells for row in sheet.rows]) == (
        ["Phone", "Phone", ""],
        [["1"], ["1", "2", "3", "4"]],
    )


def test_cell_of_a_megabyte_is_read() -> None:
    assert len(read_sheet("A,B\n1," + "x" * 1_000_000).rows[0].cells[1]) == 1_000_000


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("\n\n", FileEmpty),
        ("A,B\n" + '1,"two\n3,4\n', QuoteLeftOpen),
        (",".join(["x"] * (MOST_COLUMNS + 1)), TooManyColumns),
        (",".join(["x"] * 1000) + "\n1\n", TooManyColumns),
        ("A\n" + "1\n" * (MOST_ROWS + 1), TooManyRows),
    ],
)
def test_tables_that_cannot_be_taken_are_refused(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read_sheet(text)


@pytest.mark.parametrize("cell", ["=1+1", "+1416", "-5", "@cmd", "\tx", "\rx", "'=1", "''=1", "'x", "plain", ""])
def test_cell_comes_back_from_an_export_as_it_left(cell: str) -> None:
    assert harmless(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert plain(harmless(cell)) == cell
