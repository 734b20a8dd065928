"""Python's rules for mail headers, with a class for each name made once instead of once for each header."""

from email.headerregistry import HeaderRegistry
from email.policy import SMTP
from typing import Any


class _Headers(HeaderRegistry):
    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """Headers of our own letters alone: their names are few."""
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


POLICY = SMTP.clone(header_factory=_Headers())
