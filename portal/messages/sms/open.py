"""Which room this installation's text messages leave by."""

from portal.messages.channel import Channel
from portal.messages.letters.text import Text
from portal.messages.sms.console import ConsoleRoom
from portal.messages.sms.twilio import TwilioRoom
from portal.settings import Settings


def open_sms(settings: Settings) -> Channel[Text]:
    return TwilioRoom(settings) if settings.twilio_account_sid else ConsoleRoom(settings)
