"""A practice's own words for its messages: which places may be filled in them, and what cannot be saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import BrokenPlaceholder, ChangedMeanwhile, LinkMissing, TextMissing, UnknownPlaceholder
from tenants.scope import fetch
from tenants.writing.tables import MessageText

PLACEHOLDERS = ("first_name", "day", "time", "practitioner", "place", "practice", "phone", "service", "link")
KINDS = (
    *("reminder", "asked", "booked", "moved", "cancelled_by_client", "cancelled_by_practice"),
    *("requested", "accepted", "accepted_moved", "declined", "lapsed", "withdrawn"),
)
CHANNELS = ("email", "sms")
WITHOUT_LINK = {"cancelled_by_client", "cancelled_by_practice", "withdrawn"}
LONGEST_SUBJECT, LONGEST_BODY = 200, 2000


@dataclass(frozen=True, slots=True)
class OwnText:
    """`subject` is empty for SMS. In an e-mail `body` stands above the facts and the buttons, which stay."""

    subject: str
    body: str


Texts = Mapping[tuple[str, str, str], OwnText]
"""By kind, channel and language."""


def placeholders_in(text: str) -> set[str]:
    """Raises BrokenPlaceholder for a brace that opens or closes nothing."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        raise BrokenPlaceholder from None
    if any(spec or conversion for _, _, spec, conversion in parsed):
        raise BrokenPlaceholder
    return {name for _, name, _, _ in parsed if name is not None}


def check_placeholders(text: str) -> set[str]:
    """Those in it. Raises UnknownPlaceholder, BrokenPlaceholder."""
    named = placeholders_in(text)
    if unknown := sorted(named - set(PLACEHOLDERS)):
        raise UnknownPlaceholder(unknown[0])
    return named


def check_text(kind: str, channel: str, text: OwnText) -> None:
    """Raises TextMissing, UnknownPlaceholder, BrokenPlaceholder, or LinkMissing for an SMS that leads nowhere."""
    if not text.body.strip() or (channel == "email" and not text.subject.strip()):
        raise TextMissing
    named = check_placeholders(text.subject) | check_placeholders(text.body)
    if channel == "sms" and kind not in WITHOUT_LINK and "link" not in named:
        raise LinkMissing


def fill(text: str, facts: Mapping[str, str]) -> str:
    """What a fact says is never read as a placeholder itself.

    One that ends with a full stop, like 2:30 p.m., ends the sentence with it.
    """
    said = ""
    for literal, name, _, _ in Formatter().parse(text):
        said += literal[1:] if said.endswith(".") and literal.startswith(".") else literal
        said += facts.get(name, "") if name is not None else ""
    return said


async def read_texts(tenant_ids: Iterable[int]) -> dict[int, Texts]:
    found: dict[int, dict[tuple[str, str, str], OwnText]] = {}
    for row in await fetch("SELECT * FROM message_text WHERE tenant_id = ANY ($1::bigint[])", list(tenant_ids)):
        own = OwnText(row["subject"], row["body"])
        found.setdefault(row["tenant_id"], {})[row["kind"], row["channel"], row["language"]] = own
    return dict(found)


async def find_texts(tenant: Tenant) -> Texts:
    return (await read_texts({tenant.id})).get(tenant.id, {})


def texts_lacking(texts: Texts, languages: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """What a practice says in its own words, but not in each of these languages: there Carnet's own stand in.

    By kind and channel, with the languages that are missing.
    """
    spoken = list(languages)
    own = sorted({key[:2] for key in texts})
    return [
        (kind, channel, missing)
        for kind, channel in own
        if (missing := [language for language in spoken if (kind, channel, language) not in texts])
    ]


async def save_texts(tenant: Tenant, kind: str, channel: str, texts: Mapping[str, OwnText]) -> None:
    """In all languages of the practice at once.

    Raises what `check_text` raises, and TextMissing for a language left out.
    """
    if set(tenant.languages) - set(texts):
        raise TextMissing
    for text in texts.values():
        check_text(kind, channel, text)
    await forget_texts(tenant, kind, channel)
    await MessageText.insert(
        *(
            MessageText(
                tenant_id=tenant.id, kind=kind, channel=channel, language=language, subject=text.subject, body=text.body
            )
            for language, text in texts.items()
        )
    )


def texts_fingerprint(texts: Texts, kind: str, channel: str) -> str:
    """Of one kind's and channel's own words in all languages; the same where there are none."""
    return fingerprint(
        sorted((key[2], text.subject, text.body) for key, text in texts.items() if key[:2] == (kind, channel))
    )


async def change_texts(tenant: Tenant, kind: str, channel: str, texts: Mapping[str, OwnText], seen: str) -> None:
    """`seen` is the fingerprint of the words that the form was filled from; without texts Carnet's own stand again.

    Raises ChangedMeanwhile, and what `save_texts` raises.
    """
    await fetch("SELECT pg_advisory_xact_lock(hashtextextended('message texts ' || $1, 0))", str(tenant.id))
    stands = await find_texts(tenant)
    if texts and all(stands.get((kind, channel, language)) == text for language, text in texts.items()):
        return
    if texts_fingerprint(stands, kind, channel) != seen:
        raise ChangedMeanwhile
    if texts:
        await save_texts(tenant, kind, channel, texts)
    else:
        await forget_texts(tenant, kind, channel)


async def forget_texts(tenant: Tenant, kind: str, channel: str) -> None:
    """Carnet's own words stand again."""
    await MessageText.delete().where(
        (MessageText.tenant_id == tenant.id) & (MessageText.kind == kind) & (MessageText.channel == channel)
    )
