"""Every practice of the platform, and what its keeper decides of one."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.operators.who import Operator, operator_of
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings, TheViewer
from tenants.founding.suspend import delete, find_practice, keep, list_practices, resume, suspend

UNPROCESSABLE = 422
MOST = 100


@get("/operator")
async def show_practices(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Template:
    operator = operator_of(viewer, settings)
    search = request.query_params.get("q", "").strip()[:MOST].replace("\0", "")
    async with operator.lens():
        practices = await list_practices(viewer.now, search, MOST)
    return operator.page("operator/practices.html", practices=practices, search=search, most=MOST)


@get("/operator/practices/{slug:str}")
async def show_practice(viewer: TheViewer, settings: TheSettings, slug: FromPath[str]) -> Template:
    return await _page(operator_of(viewer, settings), slug, Form(viewer.words))


@post("/operator/practices/{slug:str}/suspension", status_code=303)
async def suspend_it(
    request: AnyRequest, viewer: TheViewer, settings: TheSettings, slug: FromPath[str]
) -> Redirect | Template:
    form = await read_form(request, viewer)
    operator = operator_of(viewer, settings)
    why = form.text("why", 500, lines=True)
    if not form.ok:
        return await _page(operator, slug, form)
    async with operator.lens():
        await suspend(slug, why, viewer.now)
    return _back(slug)


@post("/operator/practices/{slug:str}/resumption", status_code=303)
async def resume_it(request: AnyRequest, viewer: TheViewer, settings: TheSettings, slug: FromPath[str]) -> Redirect:
    await read_form(request, viewer)
    operator = operator_of(viewer, settings)
    async with operator.lens():
        await resume(slug)
    return _back(slug)


@post("/operator/practices/{slug:str}/deletion", status_code=303)
async def delete_it(
    request: AnyRequest, viewer: TheViewer, settings: TheSettings, slug: FromPath[str]
) -> Redirect | Template:
    """Only once its slug is typed; a month is left to take it back."""
    form = await read_form(request, viewer)
    operator = operator_of(viewer, settings)
    if form.text("sure", 100, required=False) != slug:
        form.refuse("sure", viewer.words.gettext("Please type %(slug)s to confirm.", slug=slug))
        return await _page(operator, slug, form)
    async with operator.lens():
        await delete(slug, viewer.now)
    return _back(slug)


@post("/operator/practices/{slug:str}/return", status_code=303)
async def keep_it(request: AnyRequest, viewer: TheViewer, settings: TheSettings, slug: FromPath[str]) -> Redirect:
    await read_form(request, viewer)
    operator = operator_of(viewer, settings)
    async with operator.lens():
        await keep(slug)
    return _back(slug)


async def _page(operator: Operator, slug: str, form: Form) -> Template:
    async with operator.lens():
        practice = await find_practice(slug, operator.viewer.now)
    status = UNPROCESSABLE if form.errors else 200
    return operator.page("operator/practice.html", status_code=status, one=practice, form=form)


def _back(slug: str) -> Redirect:
    return Redirect(f"/operator/practices/{slug}", status_code=303)
