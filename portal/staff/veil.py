"""What a member who may not see how clients are reached reads instead: words in place of every address and number."""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from asyncpg import Record
from markupsafe import Markup
from phonenumbers import Leniency, PhoneNumberMatcher

from portal.languages.words import Words
from portal.web.assets import icon
from portal.web.forms import Form
from tenants.practices.tenant import Tenant

CONTACTS = frozenset(
    {"email", "reach_email", "phone", "home_phone", "own_phone", "own_home_phone", "sent_to", "mobile"}
)
"""Under which names rows say how somebody is reached."""
TYPED = frozenset({"note", "cancel_reason"})
"""What somebody typed freely, where an address or a number may stand among the words."""
_ADDRESS = re.compile(r"[^\s@<>,;:()]+@[^\s@<>,;:()]+\.[^\s@<>,;:()]+")
_GONE = "…"


class Hidden(Markup):
    """Said where something is that a member may not see: unlike nothing, it is true in a condition."""


def hidden(words: Words) -> Hidden:
    said = Markup('<span class="with-icon quiet">{}<span>{}</span></span>')
    return Hidden(said.format(icon("eye-off"), words.gettext("Hidden from you")))


def veiled(facts: Any, instead: Hidden, country: str) -> Any:
    """The same facts without a way to reach anybody. What was typed into a form of this page stays: it is theirs."""
    match facts:
        case Form() | Tenant() | str():
            return facts
        case Mapping() | Record():
            after = {name: _named(name, value, instead, country) for name, value in facts.items()}
            return facts if all(value is facts[name] for name, value in after.items()) else after
        case list() | tuple():
            return _each(facts, instead, country)
        case _ if is_dataclass(facts) and not isinstance(facts, type):
            before = {each.name: getattr(facts, each.name) for each in fields(facts) if each.init}
            after = {name: _named(name, value, instead, country) for name, value in before.items()}
            changed = {name: value for name, value in after.items() if value is not before[name]}
            return replace(facts, **changed) if changed else facts
        case _:
            return facts


def without_contacts(text: str, country: str) -> str:
    """What somebody typed, with a sign in place of each address and number."""
    for found in reversed(list(PhoneNumberMatcher(text, country, leniency=Leniency.POSSIBLE))):
        text = text[: found.start] + _GONE + text[found.end :]
    return _ADDRESS.sub(_GONE, text)


def _named(name: Any, value: Any, instead: Hidden, country: str) -> Any:
    if isinstance(value, str):
        if name in CONTACTS and value:
            return instead
        return without_contacts(value, country) if name in TYPED and value else value
    return veiled(value, instead, country)


def _each(values: Any, instead: Hidden, country: str) -> Any:
    seen = [veiled(value, instead, country) for value in values]
    if all(after is before for after, before in zip(seen, values, strict=True)):
        return values
    if isinstance(values, list):
        return seen
    return type(values)(*seen) if hasattr(values, "_fields") else tuple(seen)
