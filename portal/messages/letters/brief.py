"""What the worker knows of one message when it writes it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from portal.languages.formats import Formats, chosen_formats
from portal.languages.negotiation import negotiate
from portal.languages.words import Words, words_in
from portal.messages.queue import Row
from portal.people.recipients import Recipient
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.practices.tenant import Tenant
from tenants.writing.policy import MessageRules
from tenants.writing.texts import Texts


@dataclass(frozen=True, slots=True)
class Brief:
    """`kind` as `tenants.writing.texts` names them; `appointments` by their start, at least one."""

    row: Row
    kind: str
    appointments: tuple[AppointmentFacts, ...]
    formats: Formats
    texts: Texts
    rules: MessageRules
    settings: Settings

    @property
    def first(self) -> AppointmentFacts:
        return self.appointments[0]

    @property
    def practice(self) -> Tenant:
        return self.first.practice

    @property
    def words(self) -> Words:
        return words_in(self.formats.locale.language)

    @property
    def link(self) -> str:
        """Short, since each sign of an SMS is paid."""
        return f"{self.settings.public_url}/m/{self.row['link']}"

    @property
    def report_to(self) -> str | None:
        """None where a report could not be told from a forged one."""
        if not self.settings.hears_twilio:
            return None
        return f"{self.settings.public_url}/twilio/status/{self.practice.slug}/{self.row['ref']}"


def formats_for(practice: Tenant, recipient: Recipient | None, language: str = "") -> Formats:
    """As its reader has chosen, in the practice's zone; `recipient` is None when nobody has proved the address.

    `language` is what the practice knows of somebody who has not chosen any, or "".
    """
    locale = negotiate(
        person=(recipient.language if recipient else None) or language,
        practice_languages=practice.languages,
        zone=practice.zone.key,
    )
    if recipient is None:
        return Formats(locale, practice.zone)
    return chosen_formats(locale, practice.zone, recipient.date_display, recipient.time_display)


def message_id(ref: str, settings: Settings) -> str:
    """The same at each attempt, and what a report of its failure names."""
    return f"<{ref}@{urlsplit(settings.public_url).hostname}>"


def own_ref(message_id: str, settings: Settings) -> str | None:
    """What stood before the installation's name; None when it is another's Message-ID."""
    ref, _, host = message_id.strip("<>").partition("@")
    return ref if host == urlsplit(settings.public_url).hostname else None
