"""An uploaded file as rows, read the same way by the page that shows the first of them and by the worker."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from portal.languages.phones import read_phone
from tenants.practices.tenant import Tenant
from tenants.refusals import FileEmpty
from tenants.transfer.cards import COLUMNS, is_cards, read_cards, split_cards
from tenants.transfer.columns import guess_columns, guess_day_first
from tenants.transfer.jobs import Job
from tenants.transfer.reading import Layout
from tenants.transfer.sheet import Row, Sheet, read_sheet
from tenants.transfer.text import begin_text, read_text

PREVIEWED = 20
_LOOKED_AT = 500  # rows that tell how birthdays are written


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of a file once it has been read: whether it is CSV or vCard, and what was guessed."""

    form: str
    rows: int
    settings: dict[str, Any]


def look_into(data: bytes, country: str) -> Looked:
    """Takes a while for a large one. Raises what `read_text`, `read_sheet` and `split_cards` raise."""
    found = read_text(data)
    if is_cards(found.text):
        settings = {"encoding": found.encoding, "delimiter": ",", "columns": COLUMNS, "day_first": True}
        return Looked("vcard", len(split_cards(found.text)), settings | {"headings": list(COLUMNS)})
    sheet = read_sheet(found.text)
    if not sheet.rows:
        raise FileEmpty
    columns = guess_columns(sheet.headings)
    place = columns.get("birthday", len(sheet.headings))
    births = [row.cells[place] for row in sheet.rows[:_LOOKED_AT] if place < len(row.cells)]
    settings = {
        "encoding": found.encoding,
        "delimiter": sheet.delimiter,
        "headings": sheet.headings,
        "columns": columns,
        "day_first": guess_day_first(births, country),
    }
    return Looked("csv", len(sheet.rows), settings)


def whole_sheet(job: Job, data: bytes) -> Sheet:
    text = read_text(data).text
    if job.form == "vcard":
        return read_cards(split_cards(text))
    return read_sheet(text, delimiter=job.settings["delimiter"])


def first_rows(job: Job, piece: bytes, *, is_whole: bool) -> list[Row]:
    """Of a file's first piece; a row that may be cut at its end is left out."""
    text = begin_text(piece, job.settings["encoding"])
    if job.form == "vcard":
        try:
            return read_cards(split_cards(text, first=PREVIEWED)).rows
        except FileEmpty:
            return []  # the first card alone is larger than a piece
    rows = read_sheet(text, delimiter=job.settings["delimiter"], first=PREVIEWED).rows
    return rows if is_whole or len(rows) == PREVIEWED else rows[:-1]


def layout_of(job: Job, tenant: Tenant, now: datetime) -> Layout:
    settings = job.settings
    phones = lru_cache(maxsize=4096)(partial(_read_phone, country=tenant.country))
    today = now.astimezone(tenant.zone).date()
    return Layout(settings["columns"], settings["day_first"], today, phones, len(settings["headings"]))


def _read_phone(typed: str, country: str) -> str:
    return read_phone(typed, (country,))
