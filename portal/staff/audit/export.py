"""The audit log as a file, streamed: as the page filters it, the newest line first."""

import csv
import io
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from litestar import get
from litestar.response import Stream

from portal.people.places import Places
from portal.staff.audit.asked import read_asked
from portal.staff.audit.lines import Line, device_words, line_of, place_words
from portal.staff.desk import Desk, TheDesk
from portal.transfers.importing import BOM
from portal.web.downloads import POLICY, disposition
from portal.web.given import AnyRequest, ThePlaces
from tenants.audit.find import Wanted, find_known, find_lines
from tenants.team.permissions import Permission
from tenants.transfer.cells import harmless

BATCH = 500
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@get("/desk/{slug:str}/audit/export", needs=Permission.AUDIT)
async def export_audit(request: AnyRequest, desk: TheDesk, places: ThePlaces) -> Stream:
    """`form` is csv, unless it is json."""
    form = "json" if request.query_params.get("form") == "json" else "csv"
    wanted = replace(read_asked(request.query_params).wanted(desk), after=None)
    name = f"{desk.practice.name} {desk.viewer.words.gettext('Audit log')} {desk.viewer.today}.{form}"
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    write = _json if form == "json" else _csv
    return Stream(write(_batches(desk, wanted), desk, places), media_type=MEDIA[form], headers=headers)


async def _batches(desk: Desk, wanted: Wanted) -> AsyncIterator[list[Line]]:
    """Each in a lens of its own, so that a slow reader keeps no transaction open."""
    more = True
    while more:
        async with desk.lens():
            rows, more = await find_lines(desk.practice, wanted, BATCH)
            known = await find_known(desk.practice, rows)
        yield [line_of(row, known, desk) for row in rows]
        wanted = replace(wanted, after=rows[-1]["id"]) if rows else wanted


async def _csv(batches: AsyncIterator[list[Line]], desk: Desk, places: Places) -> AsyncIterator[str]:
    _ = desk.viewer.words.gettext
    heads = [
        _("When"),
        _("Who"),
        _("What was done"),
        _("Changes"),
        _("About"),
        _("IP address"),
        _("Device"),
        _("Place"),
    ]
    yield BOM + _rows([heads])
    async for lines in batches:
        yield _rows([[harmless(cell) for cell in _cells(line, desk, places)] for line in lines])


def _cells(line: Line, desk: Desk, places: Places) -> Sequence[str]:
    row = line.row
    return (
        row["at"].astimezone(desk.practice.zone).isoformat(timespec="seconds"),
        row["by_email"],
        line.words,
        "; ".join(detail.line for detail in line.details),
        line.ref,
        row["ip"],
        device_words(row["browser"], desk),
        place_words(row["ip"], desk, places),
    )


async def _json(batches: AsyncIterator[list[Line]], desk: Desk, places: Places) -> AsyncIterator[str]:
    head = json.dumps({"practice": desk.practice.name, "exported_at": desk.viewer.now.isoformat()}, ensure_ascii=False)
    yield head[:-1] + ', "lines": ['
    comma = "\n"
    async for lines in batches:
        for line in lines:
            yield comma + json.dumps(_facts(line, desk, places), ensure_ascii=False)
            comma = ",\n"
    yield "\n]}\n"


def _facts(line: Line, desk: Desk, places: Places) -> dict[str, Any]:
    """What the database wrote, beside what it means."""
    row, named = line.row, ("what", "did", "subject", "fields", "emptied", "before", "after")
    return {
        "at": row["at"].isoformat(),
        "by": row["by_email"],
        "said": line.words,
        "about": line.ref,
        **{name: row[name] for name in named},
        "ip": row["ip"],
        "browser": row["browser"],
        "device": device_words(row["browser"], desk),
        "place": place_words(row["ip"], desk, places),
    }


def _rows(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
