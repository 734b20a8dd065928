"""The words for what is refused of records: their addresses, files and tags, their merging, their end."""

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


def _email_in_use(refusal: refusals.EmailInUse, words: Words, _: Formats) -> str:
    if not refusal.name:
        return words.gettext("Another record has this address already. An address belongs to one record only.")
    return words.gettext(
        "The record of %(name)s has this address already. An address belongs to one record only.", name=refusal.name
    )


def _record_not_yours(_: refusals.RecordNotYours, words: Words, __: Formats) -> str:
    return words.gettext("The practice knows this address already. Please ask an admin or the reception.")


def _too_many_tags(refusal: refusals.TooManyTags, words: Words, _: Formats) -> str:
    return words.gettext("A record has %(most)s tags at most. Remove one first.", most=refusal.most)


def _file_too_large(refusal: refusals.DocumentTooLarge, words: Words, _: Formats) -> str:
    return words.gettext("This file is too large: %(n)s MB at most.", n=refusal.megabytes)


def _file_unknown(_: refusals.FileUnknown, words: Words, __: Formats) -> str:
    return words.gettext(
        "This file cannot be kept here. Please choose a PDF, a picture (PNG, JPEG, WebP, HEIC), a plain text, or a"
        " document or table without macros (DOCX, ODT, XLSX, ODS)."
    )


def _record_full(refusal: refusals.RecordFull, words: Words, _: Formats) -> str:
    return words.gettext(
        "The documents of one client may have %(n)s MB in all. Please remove one first.", n=refusal.megabytes
    )


def _kept_until(refusal: refusals.KeptUntil, words: Words, formats: Formats) -> str:
    return words.gettext(
        "The practice’s rule keeps this record. It can be erased from %(day)s on.", day=formats.day(refusal.until)
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
    refusals.EmailInUse: _email_in_use,
    refusals.RecordNotYours: _record_not_yours,
    refusals.TooManyTags: _too_many_tags,
    refusals.DocumentTooLarge: _file_too_large,
    refusals.FileUnknown: _file_unknown,
    refusals.RecordFull: _record_full,
    refusals.KeptUntil: _kept_until,
}
