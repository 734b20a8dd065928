"""All that a practice has said: with filters, counts, a chart, and what is in trouble."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from litestar import get
from litestar.response import Template

from portal.messages.health import channels_in_trouble
from portal.staff.calendar.agenda import day_instants
from portal.staff.desk import Desk, TheDesk
from portal.staff.log.chart import SERIES, draw_chart
from portal.staff.log.lines import kind_words, line_of
from portal.web.forms import read_day
from portal.web.given import AnyRequest
from tenants.answers.replies import unseen_replies
from tenants.clients.search import search_records
from tenants.notifications.log import (
    KINDS,
    STATES,
    Count,
    Wanted,
    count_messages,
    count_waiting,
    messages_of_practice,
)
from tenants.reminders.rules import CHANNELS
from tenants.team.permissions import Permission
from tenants.writing.policy import find_message_policy
from tenants.writing.spend import month_of, read_spend

USUAL_DAYS = 30
MOST_DAYS, MOST_DAYS_OF_ONE = 92, 366
"""At once: everybody's messages, or those of the clients who are asked for."""
MOST_PAGES = 1000
WAITS_AT_MOST = timedelta(days=7)
"""Older messages that still wait are not counted in the line about a provider's trouble."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as the address has them; what makes no sense there counts as none."""

    first: date
    last: date
    state: str
    channel: str
    kind: str
    client: str
    page: int

    @property
    def narrowed(self) -> bool:
        return bool(self.state or self.channel or self.kind or self.client)

    @property
    def query(self) -> dict[str, str]:
        """What stands in the address, without the page."""
        days = {"from": str(self.first), "until": str(self.last)}
        chosen = {"state": self.state, "channel": self.channel, "kind": self.kind, "client": self.client}
        return days | {name: value for name, value in chosen.items() if value}


@get("/desk/{slug:str}/messages", needs=Permission.MESSAGES)
async def show_messages(request: AnyRequest, desk: TheDesk) -> Template:
    asked = _asked(request.query_params, desk)
    since, until = day_instants([asked.first, asked.last], desk.practice)
    async with desk.lens():
        records = await _records(desk, asked.client)
        wanted = Wanted(since, until, asked.state, asked.channel, asked.kind, records, asked.page)
        rows, more = await messages_of_practice(desk.practice, wanted)
        counts = [] if asked.client else await count_messages(desk.practice, since, until)
        replies = [row | {"body": desk.typed(row["body"])} for row in await unseen_replies(desk.practice)]
        policy = await find_message_policy(desk.practice)
        spend = await read_spend({desk.practice.id})
    month = month_of(desk.viewer.now, desk.practice)
    return desk.page(
        "desk/messages.html",
        asked=asked,
        query=asked.query,
        lines=[line_of(row, desk) for row in rows],
        more=more,
        totals=_totals(counts),
        chart=draw_chart(counts, asked.first, asked.last),
        series=list(SERIES),
        troubles=await _troubles(desk),
        replies=replies,
        policy=policy,
        spent=spend.get((desk.practice.id, month), 0),
        month=month,
        choices=_choices(desk),
        done=request.query_params.get("done", ""),
    )


async def _records(desk: Desk, client: str) -> tuple[int, ...] | None:
    if not client:
        return None
    return tuple(row["id"] for row in await search_records(desk.practice, client, by_name=desk.hides_contacts))


async def _troubles(desk: Desk) -> list[dict[str, Any]]:
    """Only what concerns this practice: a provider that takes nothing while messages of theirs wait for it."""
    troubles = await channels_in_trouble()
    if not troubles:
        return []
    since: datetime = desk.viewer.now - WAITS_AT_MOST
    async with desk.lens():
        waiting = {each: await count_waiting(desk.practice, each.channel, since) for each in troubles}
    return [
        {"channel": each.channel, "since": each.since, "waiting": count} for each, count in waiting.items() if count
    ]


def _asked(typed: Any, desk: Desk) -> Asked:
    zone, now = desk.practice.zone, desk.viewer.now
    last = read_day(typed.get("until"), zone, now)
    first = read_day(typed.get("from"), zone, now) if typed.get("from") else last - timedelta(days=USUAL_DAYS - 1)
    last = max(first, last)
    page = typed.get("page", "")
    client = " ".join(typed.get("client", "").replace("\0", "").split())[:100]
    most = MOST_DAYS_OF_ONE if client else MOST_DAYS
    return Asked(
        first=max(first, last - timedelta(days=most - 1)),
        last=last,
        state=_known(typed.get("state"), STATES),
        channel=_known(typed.get("channel"), CHANNELS),
        kind=_known(typed.get("kind"), KINDS),
        client=client,
        page=min(max(int(page), 1), MOST_PAGES) if page.isdecimal() and len(page) < 6 else 1,  # noqa: PLR2004
    )


def _known(value: str | None, values: tuple[str, ...]) -> str:
    return value if value in values else ""


def _totals(counts: Sequence[Count]) -> dict[str, Counter[str]]:
    """For each state, how many by each channel; states that nothing is in are left out."""
    totals: dict[str, Counter[str]] = {}
    for count in counts:
        totals.setdefault(count.state, Counter())[count.channel] += count.count
    return {state: totals[state] for state in STATES if state in totals}


def _choices(desk: Desk) -> list[tuple[str, str]]:
    return [(kind, kind_words(kind, desk.viewer.words)) for kind in KINDS]
