"""The words for what is refused when two records are to be one, or two again."""

from collections.abc import Callable
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words
from tenants import refusals
from tenants.refusals import Refusal


def _same_record(_: refusals.SameRecord, words: Words, __: Formats) -> str:
    return words.gettext("This is one and the same record. Please choose another to merge it with.")


def _record_merged(_: refusals.RecordMerged, words: Words, __: Formats) -> str:
    return words.gettext("This record has been merged into another one.")


def _record_erased(_: refusals.RecordErased, words: Words, __: Formats) -> str:
    return words.gettext("One of these records is erased, or is going to be, so it cannot be merged.")


def _kin_cannot_merge(_: refusals.KinCannotMerge, words: Words, __: Formats) -> str:
    return words.gettext(
        "One of these stands under another’s address, as a child under a parent’s, so they are two people. "
        "Give the child’s record an address of its own first if that is wrong."
    )


def _merge_undone(refusal: refusals.MergeUndone, words: Words, formats: Formats) -> str:
    return words.gettext("This merge was undone on %(moment)s.", moment=formats.moment(refusal.undone_at))


def _merge_too_old(refusal: refusals.MergeTooOld, words: Words, formats: Formats) -> str:
    return words.gettext("This merge could be undone until %(moment)s.", moment=formats.moment(refusal.until))


def _merged_further(_: refusals.MergedFurther, words: Words, __: Formats) -> str:
    return words.gettext("The record has been merged into another one since. Undo that merge first.")


def _address_taken(refusal: refusals.AddressTaken, words: Words, _: Formats) -> str:
    return words.gettext(
        "The address %(email)s belongs to another record meanwhile: %(name)s. Take it away there first.",
        email=refusal.email,
        name=refusal.name,
    )


PHRASES: dict[type[Refusal], Callable[[Any, Words, Formats], str]] = {
    refusals.SameRecord: _same_record,
    refusals.RecordMerged: _record_merged,
    refusals.RecordErased: _record_erased,
    refusals.KinCannotMerge: _kin_cannot_merge,
    refusals.MergeUndone: _merge_undone,
    refusals.MergeTooOld: _merge_too_old,
    refusals.MergedFurther: _merged_further,
    refusals.AddressTaken: _address_taken,
}
