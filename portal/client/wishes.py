"""What one wants to hear from a practice, as the pages tell it: by a message's link, and of all practices together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from portal.database import practice_lens
from portal.languages.phones import say_phone, takes_sms
from portal.messages.known import bounced_among, stopped_among
from portal.web.forms import Form
from portal.web.viewer import Viewer
from tenants.clients.wishes import Wishes, refuse_reminders, refuse_sms, welcome_reminders, welcome_sms
from tenants.practices.tenant import Tenant

ON, OFF = "on", "off"
Sms = Literal["on", "off", "off_by_practice", "stopped", "none"]


@dataclass(frozen=True, slots=True)
class Told:
    """`sms` is "none" where no SMS could leave whatever was wished."""

    wishes: Wishes
    bounced: bool
    sms: Sms
    here: str

    @property
    def phone(self) -> str:
        """As it is dialled at the practice."""
        return say_phone(self.wishes.phone, self.wishes.tenant.country)


async def told_wishes(wishes: Sequence[Wishes], here: str) -> list[Told]:
    """Outside of any lens. `here`: where their forms go, with {ref} for the record's."""
    bounced = await bounced_among({each.email for each in wishes if each.email})
    stopped = await stopped_among({each.phone for each in wishes if each.phone})
    return [Told(each, each.email in bounced, _sms(each, stopped), here.replace("{ref}", each.ref)) for each in wishes]


async def wish_reminders(practice: Tenant, ref: str, wanted: str, viewer: Viewer) -> None:
    """`wanted` is "on" or "off". Raises NotFound."""
    async with practice_lens(practice):
        if wanted == ON:
            await welcome_reminders(practice, ref)
        else:
            await refuse_reminders(practice, ref, viewer.now)


async def wish_sms(practice: Tenant, ref: str, wanted: str, viewer: Viewer) -> None:
    """Raises NotFound, SmsOffByPractice."""
    async with practice_lens(practice):
        if wanted == ON:
            await welcome_sms(practice, ref)
        else:
            await refuse_sms(practice, ref, viewer.now)


def read_wish(form: Form) -> str:
    """On or off; empty, with words in the form, for what no page of ours asks."""
    return form.one_of("wanted", {ON, OFF})


def _sms(wishes: Wishes, stopped: set[str]) -> Sms:
    if not wishes.sms_on or takes_sms(wishes.phone) is None:
        return "none"
    if wishes.phone in stopped:
        return "stopped"
    if wishes.sms_off_at is None:
        return "on"
    return "off_by_practice" if wishes.sms_off_by == "staff" else "off"
