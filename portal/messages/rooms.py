"""Which room a message leaves by."""

from collections.abc import Callable
from typing import Any

from portal.messages.channel import Channel
from portal.messages.email.open import open_email
from portal.messages.sms.open import open_sms
from portal.settings import Settings

_DOORS: dict[str, Callable[[Settings], Channel[Any]]] = {"email": open_email, "sms": open_sms}


def open_room(channel: str, settings: Settings) -> Channel[Any]:
    return _DOORS[channel](settings)
