"""What a service says in the practice's further languages; what is empty there is said as in the first."""

from dataclasses import dataclass
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch
from tenants.services.tables import ServiceText


@dataclass(frozen=True, slots=True)
class Text:
    language: str
    name: str
    about: str


def further_languages(tenant: Tenant) -> tuple[str, ...]:
    return tenant.languages[1:]


async def texts_of(tenant: Tenant, service_id: int) -> tuple[Text, ...]:
    """In the order of the practice's languages; none where nothing is said."""
    rows = {row["language"]: row for row in await ServiceText.of(tenant).where(ServiceText.service_id == service_id)}
    found = [rows[language] for language in further_languages(tenant) if language in rows]
    return tuple(Text(row["language"], row["name"], row["about"]) for row in found if row["name"] or row["about"])


async def write_texts(tenant: Tenant, service_id: int, texts: tuple[Text, ...]) -> None:
    """In the languages that the practice has now; what was said in one it has given up is kept for its return."""
    languages = list(further_languages(tenant))
    await fetch(_FORGET, tenant.id, service_id, languages)
    for text in texts:
        if text.language in languages:
            await fetch(_WRITE, tenant.id, service_id, text.language, text.name, text.about)


def said(service: dict[str, Any], text: dict[str, Any] | None) -> dict[str, Any]:
    """The service's row as it reads in the language of `text`."""
    return service | {name: text[name] for name in ("name", "about") if text and text[name]}


_FORGET = "DELETE FROM service_text WHERE tenant_id = $1 AND service_id = $2 AND language = ANY ($3::text[])"
_WRITE = "INSERT INTO service_text (tenant_id, service_id, language, name, about) VALUES ($1, $2, $3, $4, $5)"
