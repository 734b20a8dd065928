"""Devices → words, for pages and mails."""

from portal.languages.words import Words
from portal.people.devices import Device


def name_of(device: Device, words: Words) -> str:
    """Its model where it tells one, else what kind of thing it is."""
    match device.kind:
        case _ if device.model:
            return device.model
        case "phone":
            return words.gettext("Phone")
        case "tablet":
            return words.gettext("Tablet")
        case "computer":
            return words.gettext("Computer")
        case _:
            return words.gettext("Unknown device")


def described(device: Device, words: Words) -> str:
    """With its system and browser, in one line."""
    return ", ".join(part for part in (name_of(device, words), device.system, device.browser) if part)
