"""Refusals of files → words."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _file_empty(_: refusals.FileEmpty, words: Words, __: Formats) -> str:
    return words.gettext("There is nothing in this file below its headings.")


def _not_a_table(_: refusals.NotATable, words: Words, __: Formats) -> str:
    return words.gettext(
        "This is neither a CSV file nor a vCard. In Excel, Numbers or Google Sheets, save the table as CSV first."
    )


def _file_too_large(refusal: refusals.FileTooLarge, words: Words, _: Formats) -> str:
    return words.gettext(
        "This file is larger than %(megabytes)s MB. Please split it, or leave out columns that are not needed.",
        megabytes=refusal.megabytes,
    )


def _encoding_unreadable(refusal: refusals.EncodingUnreadable, words: Words, _: Formats) -> str:
    return words.gettext(
        "Line %(line)s of this file holds letters that cannot be read. Please save it again as “CSV UTF-8”.",
        line=refusal.line,
    )


def _quote_left_open(refusal: refusals.QuoteLeftOpen, words: Words, _: Formats) -> str:
    return words.gettext(
        "In row %(line)s a quotation mark is opened and never closed, so what follows cannot be told apart.",
        line=refusal.line,
    )


def _too_many_columns(refusal: refusals.TooManyColumns, words: Words, _: Formats) -> str:
    return words.gettext(
        "This file has more than %(most)s columns. Please leave out those that are not needed.", most=refusal.most
    )


def _too_many_file_rows(refusal: refusals.TooManyRows, words: Words, _: Formats) -> str:
    return words.gettext("This file has more than %(most)s rows. Please split it.", most=refusal.most)


def _transfer_under_way(_: refusals.TransferUnderWay, words: Words, __: Formats) -> str:
    return words.gettext("This is under way already, or it is over. Please load the page again.")


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.FileEmpty: _file_empty,
    refusals.NotATable: _not_a_table,
    refusals.FileTooLarge: _file_too_large,
    refusals.EncodingUnreadable: _encoding_unreadable,
    refusals.QuoteLeftOpen: _quote_left_open,
    refusals.TooManyColumns: _too_many_columns,
    refusals.TooManyRows: _too_many_file_rows,
    refusals.TransferUnderWay: _transfer_under_way,
}
