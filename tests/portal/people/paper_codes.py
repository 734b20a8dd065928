"""What became of every code, told without a database: the rules of `portal.people.codes` in a few lines."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Kind:
    """What a code is for: its receiver, its purpose, and whom it is between."""

    to: str
    purpose: str
    person: int | None


@dataclass
class PaperCode:
    kind: Kind
    digits: str
    sent_at: datetime
    tries: int = 5
    used_at: datetime | None = None
    void: bool = False

    def opens(self, now: datetime) -> bool:
        return not (self.used_at or self.void) and self.tries > 0 and now < self.sent_at + 15 * MINUTE


@dataclass
class Paper:
    """By reference, in the order in which they were sent."""

    now: datetime
    codes: dict[str, PaperCode] = field(default_factory=dict)

    def standing(self, kind: Kind) -> str | None:
        """The code that asking again within the minute leads to."""
        for ref, code in self.codes.items():
            if code.kind == kind and code.opens(self.now) and self.now < code.sent_at + MINUTE:
                return ref
        return None

    def again_at(self, to: str) -> datetime | None:
        """When the next can be sent, where that is not now."""
        sent = [code.sent_at for code in self.codes.values() if code.kind.to == to]
        if sent and self.now < sent[-1] + MINUTE:
            return sent[-1] + MINUTE
        if len(sent) >= 5 and self.now < sent[-5] + HOUR:
            return sent[-5] + HOUR
        return None

    def send(self, ref: str, kind: Kind, digits: str) -> None:
        for code in self.codes.values():
            if code.kind == kind and code.used_at is None:
                code.void = True
        self.codes[ref] = PaperCode(kind, digits, self.now)

    def type(self, ref: str, digits: str, kind: Kind) -> str | int | None:
        """Whom it proves, or how many tries are left, or None where no try counts any more."""
        code = self.codes[ref]
        if (code.kind.purpose, code.kind.person) != (kind.purpose, kind.person) or not code.opens(self.now):
            return None
        if digits == code.digits:
            code.used_at = self.now
            return code.kind.to
        code.tries -= 1
        return code.tries or None

    def used_since(self, ref: str, length: timedelta) -> bool:
        used_at = self.codes[ref].used_at
        return used_at is not None and self.now < used_at + length
