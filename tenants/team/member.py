"""What a membership allows at its practice. Pure: the rows come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Member:
    """`practitioner_id` is None for somebody who gives no services, at the reception for example."""

    is_admin: bool
    practitioner_id: int | None

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, Any]]) -> Self | None:
        """One person may belong to a practice by several addresses: the memberships add up. None without any."""
        rows = list(rows)
        if not rows:
            return None
        own = next((row["practitioner_id"] for row in rows if row["practitioner_id"] is not None), None)
        return cls(any(row["role"] == "admin" for row in rows), own)

    def may_plan(self, practitioner_id: int | None) -> bool:
        """Hours and closures: a professional their own, an admin everybody's and (None) those of the whole practice."""
        return self.is_admin or (practitioner_id is not None and practitioner_id == self.practitioner_id)
