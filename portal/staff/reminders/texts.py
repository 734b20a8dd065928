"""The words of each message: which kinds there are, by which channel, and whose words they are."""

from collections.abc import Mapping

from litestar import get
from litestar.response import Template

from portal.languages.words import Words
from portal.staff.desk import TheDesk
from tenants.team.permissions import Permission
from tenants.writing.policy import find_message_policy
from tenants.writing.texts import CHANNELS, KINDS, WITHOUT_LINK, find_texts


@get("/desk/{slug:str}/reminders/texts", needs=Permission.SETTINGS)
async def list_texts(desk: TheDesk) -> Template:
    async with desk.lens():
        texts, policy = await find_texts(desk.practice), await find_message_policy(desk.practice)
    own = {key[:2] for key in texts}
    names = kind_names(desk.viewer.words)
    return desk.page(
        "desk/reminders/texts.html",
        kinds=[
            {
                "kind": kind,
                "name": names[kind],
                "is_off": ("cancelled" if kind in WITHOUT_LINK else kind) in policy.notices_off,
                "channels": [(channel, (kind, channel) in own) for channel in CHANNELS],
            }
            for kind in KINDS
        ],
    )


def kind_names(words: Words) -> Mapping[str, str]:
    _ = words.gettext
    return {
        "reminder": _("Reminder"),
        "asked": _("Asked to confirm"),
        "booked": _("Booked"),
        "moved": _("Moved"),
        "cancelled_by_client": _("Cancelled by the client"),
        "cancelled_by_practice": _("Cancelled by the practice"),
        "requested": _("Request received"),
        "accepted": _("Request accepted"),
        "accepted_moved": _("Request accepted at another time"),
        "declined": _("Request declined"),
        "lapsed": _("Request not answered in time"),
        "withdrawn": _("Request withdrawn by the client"),
    }
