"""Birthday and language of a client: what the practice knows, until the client has a language of their own."""

from typing import Any

from babel import Locale
from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import offered_languages
from portal.people.recipients import find_recipient
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.change import change_about
from tenants.clients.record import find_record
from tenants.team.permissions import Permission

UNPROCESSABLE = 422


async def about_section(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    """`language_own` when the client has chosen theirs in the portal: then the practice's counts for nothing."""
    recipient = await find_recipient(record["email"]) if record["email"] else None
    own = recipient.language if recipient else None
    return {"language": language_name(own or record["language"], desk), "language_own": own is not None}


@get("/desk/{slug:str}/clients/{ref:str}/about", needs=Permission.CHANGE_CLIENTS)
async def ask_about(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    known = {"birthday": str(record["birthday"] or ""), "language": record["language"]}
    return await _page(desk, ref, Form(desk.viewer.words, known.items()))


@post("/desk/{slug:str}/clients/{ref:str}/about", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def keep_about(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    birthday = form.birthday("birthday", desk.viewer.today)
    language = form.one_of("language", set(offered_languages()), required=False)
    if not form.ok:
        return await _page(desk, ref, form, status=UNPROCESSABLE)
    async with desk.lens():
        await change_about(desk.practice, ref, birthday, language, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=changed", status_code=303)


async def _page(desk: Desk, ref: str, form: Form, *, status: int = 200) -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    return desk.page(
        "desk/client_about.html",
        status_code=status,
        client=record,
        form=form,
        offered=language_options(desk),
        **await about_section(desk, record),
    )


def language_options(desk: Desk) -> list[tuple[str, str]]:
    """The practice's own first."""
    own = [code for code in desk.practice.languages if code in offered_languages()]
    codes = dict.fromkeys([*own, *offered_languages()])
    return [("", desk.viewer.words.gettext("not known")), *((code, language_name(code, desk)) for code in codes)]


def language_name(code: str, desk: Desk) -> str:
    return Locale.parse(code).get_display_name(desk.viewer.locale) or code if code in offered_languages() else code
