"""Every change of a record: which field, from what to what, by whom and when."""

from datetime import date
from typing import Any

from babel import Locale, UnknownLocaleError

from portal.staff.desk import Desk
from portal.staff.records.details import PHONES, said_value
from tenants.clients.history import changes_of

FEW, ALL = 20, 2000
REACHED_BY = PHONES | {"email"}


async def history_section(desk: Desk, record: dict[str, Any], wanted: str) -> dict[str, Any]:
    """The last few, or with "all" in the address every one."""
    most = ALL if wanted == "all" else FEW
    async with desk.lens():
        changes = await changes_of(desk.practice, record["id"], most + 1)
    return {"changes": [_said(change, desk) for change in changes[:most]], "more_changes": len(changes) > most}


def _said(change: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return change | {each: _value(change["field"], change[each], desk) for each in ("before", "after")}


def _value(field: str, value: str, desk: Desk) -> str:
    """As a reader says it; what cannot be read stands as it is kept."""
    if not value:
        return ""
    try:
        match field:
            case "birthday":
                return desk.viewer.formats.date(date.fromisoformat(value))
            case "language":
                return Locale.parse(value).get_display_name(desk.viewer.locale) or value
            case _:
                said = said_value(field, value, desk.practice.country)
                return desk.contact(said) if field in REACHED_BY else said
    except (ValueError, UnknownLocaleError):
        return value
