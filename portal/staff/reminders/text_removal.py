"""Giving up the practice's own words for one message: asked first, since nothing brings them back."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import named_language
from portal.staff.desk import TheDesk
from portal.staff.reminders.text_form import check_known, kept_words, path_of, usual_words
from portal.staff.reminders.texts import kind_names
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.team.permissions import Permission
from tenants.writing.texts import change_texts


@get("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal", needs=Permission.CHANGE_SETTINGS)
async def ask_to_forget(desk: TheDesk, kind: FromPath[str], channel: FromPath[str]) -> Template:
    check_known(kind, channel)
    form = await kept_words(desk, kind, channel)
    return desk.page(
        "desk/reminders/text_removal.html",
        here=path_of(desk, kind, channel),
        name=kind_names(desk.viewer.words)[kind],
        channel=channel,
        seen=form["seen"],
        usual=[
            (language, named_language(language), text) for language, text in usual_words(desk, kind, channel).items()
        ],
    )


@post(
    "/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal",
    status_code=303,
    needs=Permission.CHANGE_SETTINGS,
)
async def forget(request: AnyRequest, desk: TheDesk, kind: FromPath[str], channel: FromPath[str]) -> Redirect:
    """Raises ChangedMeanwhile when other words have been saved since they were shown."""
    check_known(kind, channel)
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        await change_texts(desk.practice, kind, channel, {}, form.get("seen", ""))
    return Redirect(f"{path_of(desk, kind, channel)}?saved=yes", status_code=303)
