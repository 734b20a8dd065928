"""What a membership allows at its practice. Pure: the rows come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from tenants.team.permissions import ADMIN, ROLES, Permission, permissions


@dataclass(frozen=True, slots=True)
class Member:
    """`practitioner_id` is None for somebody who gives no services, at the reception for example.

    Without `sees_all_clients` the desk's lens shows only whom they made, had or will have.
    """

    role: str
    practitioner_id: int | None
    sees_all_clients: bool = True
    sees_contacts: bool = True

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, Any]]) -> Self | None:
        """One person may belong to a practice by several addresses: the memberships add up. None without any."""
        rows = list(rows)
        if not rows:
            return None
        own = next((row["practitioner_id"] for row in rows if row["practitioner_id"] is not None), None)
        role = min((row["role"] for row in rows), key=ROLES.index)
        sees = {name: any(row[name] for row in rows) for name in ("sees_all_clients", "sees_contacts")}
        return cls(role, own, **sees)

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    def may(self, permission: Permission) -> bool:
        return permission in permissions(
            self.role, sees_all_clients=self.sees_all_clients, sees_contacts=self.sees_contacts
        )

    def may_plan(self, practitioner_id: int | None) -> bool:
        """Hours and closures: a professional their own, an admin everybody's and (None) those of the whole practice."""
        return self.is_admin or (practitioner_id is not None and practitioner_id == self.practitioner_id)

    def may_arrange(self, practitioner_id: int) -> bool:
        """Whose appointments: everybody's, but for a professional who sees their own clients alone."""
        return self.sees_all_clients or practitioner_id == self.practitioner_id
