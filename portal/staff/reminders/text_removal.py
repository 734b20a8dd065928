"""Giving up the practice's own words for one message: asked first, since nothing brings them back."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.staff.desk import TheAdminDesk
from portal.staff.reminders.text_form import check_known, kept_words, named, path_of, usual_words
from portal.staff.reminders.texts import kind_names
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.writing.texts import change_texts


@get("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal")
async def ask_to_forget(admin_desk: TheAdminDesk, kind: FromPath[str], channel: FromPath[str]) -> Template:
    check_known(kind, channel)
    form = await kept_words(admin_desk, kind, channel)
    return admin_desk.page(
        "desk/reminders/text_removal.html",
        here=path_of(admin_desk, kind, channel),
        name=kind_names(admin_desk.viewer.words)[kind],
        channel=channel,
        seen=form["seen"],
        usual=[(language, named(language), text) for language, text in usual_words(admin_desk, kind, channel).items()],
    )


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal", status_code=303)
async def forget(
    request: AnyRequest, admin_desk: TheAdminDesk, kind: FromPath[str], channel: FromPath[str]
) -> Redirect:
    """Raises ChangedMeanwhile when other words have been saved since they were shown."""
    check_known(kind, channel)
    form = await read_form(request, admin_desk.viewer)
    async with practice_lens(admin_desk.practice):
        await change_texts(admin_desk.practice, kind, channel, {}, form.get("seen", ""))
    return Redirect(f"{path_of(admin_desk, kind, channel)}?saved=yes", status_code=303)
