"""When a file cannot be read, kept or taken up."""

from dataclasses import dataclass

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class FileEmpty(Refusal):
    """A file with nothing in it, or with nothing below its headings."""


@dataclass(eq=False)
class NotATable(Refusal):
    """Neither CSV nor vCard: a workbook, a picture, a PDF."""


@dataclass(eq=False)
class FileTooLarge(Refusal):
    """More than so many megabytes."""

    megabytes: int


@dataclass(eq=False)
class EncodingUnreadable(Refusal):
    """In this line of the file stands what is no letter in the encoding of all the others."""

    line: int


@dataclass(eq=False)
class QuoteLeftOpen(Refusal):
    """From this row on everything would be one cell."""

    line: int


@dataclass(eq=False)
class TooManyColumns(Refusal):
    most: int


@dataclass(eq=False)
class TooManyRows(Refusal):
    most: int


@dataclass(eq=False)
class TransferUnderWay(Refusal):
    """The worker has it in hand, or it is over: it cannot be changed any more."""


@dataclass(eq=False)
class DocumentTooLarge(Refusal):
    """A document has so many megabytes at most."""

    megabytes: int


@dataclass(eq=False)
class FileUnknown(Refusal):
    """By its content it is none of the kinds that are kept, or it cannot be told what it is."""


@dataclass(eq=False)
class RecordFull(Refusal):
    """All documents of a record together have `megabytes` at most."""

    megabytes: int
