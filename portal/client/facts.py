"""Rows as the client's templates name them: instants in the place's zone, places with their maps."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.choosing.offer import place_facts
from portal.languages.formats import Formats
from tenants.availability.hours import WeeklyHours
from tenants.booking.plan import Plan
from tenants.practices.tenant import Tenant

_INSTANTS = ("starts_at", "ends_at", "expires_at", "booked_at", "moved_at", "cancelled_at", "approve_by")


def appointment_facts(row: dict[str, Any]) -> dict[str, Any]:
    zone: ZoneInfo = row["zone"]
    local = {name: row[name].astimezone(zone) for name in _INSTANTS if row.get(name)}
    return row | local | {"place": place_facts(row, row["place_name"]), "practice_accent": row["accent"]}


def entries(rows: Sequence[dict[str, Any]], formats: Formats, now: datetime) -> list[dict[str, Any]]:
    """Lines of a list, in the rows themselves: day and time in the words of the reader, in each place's zone."""
    today = {zone: now.astimezone(zone).date() for zone in {row["zone"] for row in rows}}
    return [_entry(row, formats, today[row["zone"]]) for row in rows]


def _entry(row: dict[str, Any], formats: Formats, today: date) -> dict[str, Any]:
    starts_at = row["starts_at"].astimezone(row["zone"])
    day = starts_at.date()
    row["instant"] = starts_at.isoformat()
    row["day"] = formats.short_day(day) if day.year == today.year else formats.day(day)
    row["near"] = formats.relative_day(day, today)
    row["time"] = formats.time(starts_at.time())
    return row


def hold_facts(row: dict[str, Any], tenant: Tenant, expired: bool) -> dict[str, Any]:
    zone = ZoneInfo(row["place_zone"]) if row["place_zone"] else tenant.zone
    local = {name: row[name].astimezone(zone) for name in _INSTANTS if row.get(name)}
    return row | local | {"place": place_facts(row, row["place_name"]), "expired": expired}


def week_facts(plan: Plan, formats: Formats) -> list[tuple[str, list[tuple[str, str]]]]:
    """When anybody is there, by weekday in the order of the reader's week; spans that touch are one."""
    weekly = [
        hours
        for who, rows in plan.weekly.items()
        for hours in rows
        if hours.until_day is None and who in plan.practitioners and hours.place_id in plan.places
    ]
    days = [(formats.first_weekday + step) % 7 for step in range(7)]
    return [(formats.weekday(day), [_said(span, formats) for span in _open(day, weekly)]) for day in days]


def _open(weekday: int, weekly: list[WeeklyHours]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for opens, closes in sorted((hours.opens, hours.closes) for hours in weekly if hours.weekday == weekday):
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(closes, spans[-1][1]))
        else:
            spans.append((opens, closes))
    return spans


def _said(span: tuple[int, int], formats: Formats) -> tuple[str, str]:
    opens, closes = (formats.time(time(minutes // 60 % 24, minutes % 60)) for minutes in span)
    return opens, closes
