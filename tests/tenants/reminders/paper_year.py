"""A year of reminders on paper: every question is answered minute by minute, as slowly and plainly as can be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
Key = tuple[int, datetime, int]
Told = tuple[int, datetime, int, datetime, str]
"""Which appointment at which start by which rule, when and by which channel."""


@dataclass
class PaperAppointment:
    id: int
    client: str
    starts_at: datetime
    agreed_at: datetime
    cancelled: bool = False
    confirmed: bool = False


@dataclass
class PaperRule:
    id: int
    channel: str
    ahead: timedelta
    condition: str
    late_left: timedelta | None
    since: datetime
    ended: bool = False


@dataclass
class Paper:
    zone: ZoneInfo
    looked_until: datetime
    quiet: tuple[int, int] = (21 * 60, 8 * 60)
    sms_on: bool = True
    down: set[str] = field(default_factory=set)
    appointments: dict[int, PaperAppointment] = field(default_factory=dict)
    rules: dict[int, PaperRule] = field(default_factory=dict)
    waiting: set[Key] = field(default_factory=set)
    decided: set[Key] = field(default_factory=set)
    told: set[Told] = field(default_factory=set)
    late_asked: set[tuple[int, datetime, int]] = field(default_factory=set)
    """Who booked late is reminded at once or not at all, whatever quiet hours become afterwards."""

    def keep_quiet(self, hours: tuple[int, int]) -> None:
        """Moments that other hours put behind us are made up for, for a day; older ones are left alone."""
        if hours != self.quiet:
            self.quiet = hours
            self.looked_until -= timedelta(hours=25)

    def work(self, now: datetime) -> None:
        """All that the worker does at this moment."""
        due = {(each.id, each.starts_at, rule.id) for each, rule in self._open(now) if self._is_due(each, rule, now)}
        for key in due | {other for each in due for other in self._same_day(each, now)}:
            self.waiting.add(key)
            self.decided.add(key)
        for key in sorted(self.waiting):
            self._send(key, now)
        self.looked_until = now
        self.late_asked |= {(each.id, each.agreed_at, rule.id) for each, rule in self._open(now)}

    def _open(self, now: datetime) -> Iterator[tuple[PaperAppointment, PaperRule]]:
        for each in self.appointments.values():
            for rule in self.rules.values():
                standing = not each.cancelled and each.starts_at > now and not rule.ended
                if standing and (each.id, each.starts_at, rule.id) not in self.decided:
                    yield each, rule

    def _same_day(self, key: Key, now: datetime) -> Iterator[Key]:
        own = self.appointments[key[0]]
        for each, rule in self._open(now):
            day = each.starts_at.astimezone(self.zone).date() == own.starts_at.astimezone(self.zone).date()
            if rule.id == key[2] and each.client == own.client and day:
                yield each.id, each.starts_at, rule.id

    def _is_due(self, each: PaperAppointment, rule: PaperRule, now: datetime) -> bool:
        moment = self._moment(each, rule)
        return moment is not None and self.looked_until - 2 * MINUTE < moment <= now

    def _moment(self, each: PaperAppointment, rule: PaperRule) -> datetime | None:
        at = each.starts_at - rule.ahead
        if self._is_quiet(at):
            while self._is_quiet(at):
                at -= MINUTE
            at -= 14 * MINUTE
        if at < each.agreed_at:
            if (each.id, each.agreed_at, rule.id) in self.late_asked:
                return None
            at = each.agreed_at + 5 * MINUTE
            too_little = rule.late_left is None or each.starts_at - at < rule.late_left
            if too_little or self._is_quiet(at):
                return None
        return at if at >= rule.since else None

    def _is_quiet(self, at: datetime) -> bool:
        wall = at.astimezone(self.zone)
        minute, (since, until) = wall.hour * 60 + wall.minute, self.quiet
        return since <= minute < until if since < until else minute >= since or minute < until

    def _send(self, key: Key, now: datetime) -> None:
        each, rule = self.appointments[key[0]], self.rules[key[2]]
        gone = each.cancelled or each.starts_at != key[1] or each.starts_at <= now or rule.ended
        unwanted = rule.condition == "unconfirmed" and each.confirmed
        if gone or unwanted or (rule.channel == "sms" and not self.sms_on):
            self.waiting.discard(key)
        elif rule.channel not in self.down:
            self.waiting.discard(key)
            self.told.add((*key, now, rule.channel))
