"""Which room this installation's mail leaves by."""

from portal.messages.channel import Channel
from portal.messages.email.console import ConsoleRoom
from portal.messages.email.smtp import SmtpRoom
from portal.messages.letters.letter import Letter
from portal.settings import Settings


def open_email(settings: Settings) -> Channel[Letter]:
    return SmtpRoom(settings) if settings.smtp_host else ConsoleRoom(settings)
