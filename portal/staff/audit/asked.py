"""What the address of the audit log asks for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.staff.audit.words import GROUPS
from portal.staff.desk import Desk
from portal.web.forms import is_in_reach
from tenants.audit.find import Wanted

_LONGEST = 254
_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes no sense counts as not asked. `after` is the number of the line below which to go on."""

    first: date | None
    last: date | None
    by: str
    group: str
    about: str
    after: int | None

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        chosen = {"from": self.first, "until": self.last, "by": self.by, "what": self.group, "about": self.about}
        return {name: str(value) for name, value in chosen.items() if value}

    def wanted(self, desk: Desk) -> Wanted:
        return Wanted(
            since=_midnight(self.first, desk) if self.first else None,
            until=_midnight(self.last + timedelta(days=1), desk) if self.last else None,
            by=self.by,
            what=GROUPS.get(self.group, ()),
            about=self.about,
            after=self.after,
        )


def read_asked(typed: Any) -> Asked:
    first, last = _day(typed.get("from", "")), _day(typed.get("until", ""))
    if first and last:
        first, last = min(first, last), max(first, last)
    group, after = typed.get("what", ""), typed.get("after", "")
    return Asked(
        first,
        last,
        _text(typed.get("by", "")).lower(),
        group if group in GROUPS else "",
        _text(typed.get("about", "")),
        int(after) if after.isascii() and after.isdecimal() and len(after) <= _LONGEST_NUMBER else None,
    )


def _day(typed: str) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if is_in_reach(day) else None


def _text(typed: str) -> str:
    return typed.replace("\0", "").strip()[:_LONGEST]


def _midnight(day: date, desk: Desk) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=desk.practice.zone)
