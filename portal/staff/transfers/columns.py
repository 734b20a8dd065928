"""The second step of an import: which column is which of our fields."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.staff.desk import Desk, TheDesk
from portal.transfers.reading import first_rows
from portal.transfers.words import field_words
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.team.permissions import Permission
from tenants.transfer.columns import FIELDS, wrong_columns
from tenants.transfer.files import PIECE, file_piece
from tenants.transfer.jobs import Job, choose, find_job

UNPROCESSABLE = 422
EXAMPLES = 3
LONGEST_EXAMPLE = 40


@get("/desk/{slug:str}/transfers/imports/{ref:str}/columns", needs=Permission.TRANSFER)
async def ask_for_columns(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
    typed = {f"column_{name}": str(place) for name, place in job.settings["columns"].items()}
    typed |= {"day_first": "yes" if job.settings["day_first"] else "no"}
    typed |= {"insist": "yes"} if job.settings.get("insist") else {}
    return await _page(desk, job, Form(desk.viewer.words, typed.items()))


@post("/desk/{slug:str}/transfers/imports/{ref:str}/columns", status_code=303, needs=Permission.TRANSFER)
async def choose_columns(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
    chosen = _chosen(form, len(job.settings["headings"]), desk.viewer.words)
    if not form.ok:
        return await _page(desk, job, form, UNPROCESSABLE)
    settings = {"columns": chosen, "day_first": form["day_first"] != "no", "insist": form["insist"] == "yes"}
    async with desk.lens():
        await choose(desk.practice, ref, settings)
    return Redirect(f"{desk.path}/transfers/imports/{ref}", status_code=303)


def _chosen(form: Form, count: int, words: Words) -> dict[str, int]:
    chosen = {}
    for name in FIELDS:
        place = form.whole(f"column_{name}", 0, count - 1, required=False)
        if place is not None:
            chosen[name] = place
    said = {
        "missing": words.gettext("Choose the column of the first name, or further down that of the full name."),
        "twice": words.gettext("This column is chosen for another field already."),
        "unknown": words.gettext("There is no such column."),
    }
    for name, why in wrong_columns(chosen, count).items():
        form.refuse(f"column_{name}", said[why])
    return chosen


async def _page(desk: Desk, job: Job, form: Form, status: int = 200) -> Template:
    async with desk.lens():
        piece = await file_piece(desk.practice, job.id, "upload", 0) or b""
    rows = first_rows(job, piece, is_whole=len(piece) < PIECE) if piece else []
    headings = job.settings["headings"]
    return desk.page(
        "desk/transfers/columns.html",
        status_code=status,
        job=job,
        form=form,
        fields=[(name, field_words(name, desk.viewer.words)) for name in FIELDS],
        columns=[_column(place, heading, rows, desk) for place, heading in enumerate(headings)],
    )


def _column(place: int, heading: str, rows: list[Any], desk: Desk) -> dict[str, Any]:
    """`name` is told apart from another of the same heading by its number."""
    cells = [" ".join(row.cells[place].split()) for row in rows if place < len(row.cells)]
    name = heading or desk.viewer.words.gettext("Column %(n)s", n=place + 1)
    return {"place": place, "name": name, "examples": [cell[:LONGEST_EXAMPLE] for cell in cells if cell][:EXAMPLES]}
