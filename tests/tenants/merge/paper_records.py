"""Merging on paper: cards in a box, slips pinned to them."""

from dataclasses import dataclass, field


@dataclass
class Card:
    """`into` is the card that it lies under since a merge."""

    email: str | None
    slips: set[str] = field(default_factory=set)
    into: int | None = None


@dataclass
class Taken:
    """One merge: whose address was where before and after, and which slips went over."""

    kept: int
    gone: int
    emails: tuple[str | None, str | None]
    became: str | None
    moved: set[str]
    undone: bool = False


@dataclass
class PaperBox:
    cards: dict[int, Card] = field(default_factory=dict)
    merges: dict[str, Taken] = field(default_factory=dict)

    def standing(self) -> list[int]:
        return [number for number, card in self.cards.items() if card.into is None]

    def whose(self, email: str) -> int | None:
        return next((number for number, card in self.cards.items() if card.email == email), None)

    def end_of(self, number: int) -> int:
        while (into := self.cards[number].into) is not None:
            number = into
        return number

    def merge(self, ref: str, kept: int, gone: int, stays: str) -> None:
        one, other = self.cards[kept], self.cards[gone]
        emails = (one.email, other.email)
        email = (other.email or one.email) if stays == "gone" else (one.email or other.email)
        self.merges[ref] = Taken(kept, gone, emails, email, set(other.slips))
        one.slips |= other.slips
        other.slips, other.email, other.into, one.email = set(), None, kept, email

    def why_not(self, ref: str) -> str | None:
        """The refusal that undoing this merge would meet."""
        taken = self.merges[ref]
        kept = self.cards[taken.kept]
        if taken.undone:
            return "MergeUndone"
        if kept.into is not None:
            return "MergedFurther"
        back = taken.emails[0] if kept.email == taken.became else kept.email
        if back and back == taken.emails[1]:
            return "AddressTaken"
        pair = {taken.kept, taken.gone}
        others = [self.whose(email) for email in (back, taken.emails[1]) if email]
        return "AddressTaken" if any(each is not None and each not in pair for each in others) else None

    def undo(self, ref: str) -> None:
        taken = self.merges[ref]
        kept, gone = self.cards[taken.kept], self.cards[taken.gone]
        if kept.email == taken.became:
            kept.email = taken.emails[0]
        gone.email, gone.into, taken.undone = taken.emails[1], None, True
        back = kept.slips & taken.moved
        kept.slips -= back
        gone.slips |= back
