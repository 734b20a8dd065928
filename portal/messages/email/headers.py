"""Python's rules for mail headers; what is the same in each letter is worked out once."""

from email.headerregistry import HeaderRegistry
from email.policy import SMTP
from functools import lru_cache
from typing import Any

_OF_PARTS = {"content-type", "content-transfer-encoding", "content-disposition", "mime-version", "content-language"}


class _Headers(HeaderRegistry):
    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}
        self._same = lru_cache(maxsize=256)(super().__call__)

    def __call__(self, name: str, value: str) -> Any:
        """The parts' own headers say the same in every letter; a header never changes once it is made."""
        return self._same(name, str(value)) if name.lower() in _OF_PARTS else super().__call__(name, value)

    def __getitem__(self, name: str) -> Any:
        """Headers of our own letters alone: their names are few."""
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


POLICY = SMTP.clone(header_factory=_Headers())
