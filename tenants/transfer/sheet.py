"""From a text to rows of cells, as programs for tables write them (RFC 4180, and what they write instead)."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from tenants.refusals import FileEmpty, QuoteLeftOpen, TooManyColumns, TooManyRows

DELIMITERS = ",;\t|"
MOST_COLUMNS = 200
MOST_ROWS = 50_000
LARGEST = 20 * 1024 * 1024

_SAYS_DELIMITER = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)  # what Excel writes and reads
_LOOKED_AT = 1 << 16
csv.field_size_limit(LARGEST)  # a cell may be as large as its file; it is the reading of the cell that refuses it


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as programs for tables count: the headings are row 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    headings: list[str]
    rows: list[Row]
    delimiter: str


def read_sheet(text: str, *, delimiter: str = "", first: int | None = None) -> Sheet:
    """Rows without a single word are left out. With `first` only so many rows are read, and the rest is not judged.

    Raises FileEmpty, TooManyColumns, TooManyRows, QuoteLeftOpen.
    """
    text, said = _without_sep_line(text)
    delimiter = delimiter or said or _guess_delimiter(text)
    records = _records(text, delimiter)
    headings = next((cells for _, cells in records), None)
    if headings is None:
        raise FileEmpty
    if len(headings) > MOST_COLUMNS:
        raise TooManyColumns(MOST_COLUMNS)
    rows = [Row(number, cells) for number, cells in islice(records, MOST_ROWS + 1 if first is None else first)]
    if len(rows) > MOST_ROWS:
        raise TooManyRows(MOST_ROWS)
    if first is None:
        _check_quotes(text, delimiter)
    return Sheet([" ".join(heading.split())[:100] for heading in headings], rows, delimiter)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, cells in enumerate(reader, start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _check_quotes(text: str, delimiter: str) -> None:
    """A quote that nobody closes makes one cell of all that follows."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for _ in reader:
            number += 1
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise QuoteLeftOpen(number + 1) from None


def _without_sep_line(text: str) -> tuple[str, str]:
    said = _SAYS_DELIMITER.match(text)
    return (text[said.end() :], said[1]) if said and said[1] in DELIMITERS else (text, "")


def _guess_delimiter(text: str) -> str:
    """The one by which the most rows have as many cells as the first."""
    head = text[:_LOOKED_AT]

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = [len(cells) for _, cells in islice(_records(head, delimiter), 20)]
        width = widths[0] if widths else 1
        return (Counter(widths)[width] * (width > 1), width)

    return max(DELIMITERS, key=agreement)
