"""The booking pages in a frame of another site's page.

Their addresses begin with /p/{slug}/embed/{look}, and the look goes along from step to step, since no cookie would.
Whoever is in a frame is a stranger: no cookie is read there and none is set, so a page that lies about what is under
the mouse can make nobody do anything in their own name.
"""

import re
from dataclasses import dataclass
from typing import Self

from portal.languages.words import offered_languages

EMBED = "/p/{slug:str}/embed/{look:str}"
"""How the addresses of framed pages begin, for their doors."""

_LOOK = re.compile(r"(?P<language>[a-z]{2,4})(-(?P<accent>[0-9a-f]{6}))?")
_OWN = "auto"
_LEAST_PARTS = 4  # "", "p", the slug, "embed"


@dataclass(frozen=True, slots=True)
class Frame:
    """How a site wants its frame: `language` is "" for the reader's own, `accent` #rrggbb or "" for the practice's."""

    language: str = ""
    accent: str = ""

    @classmethod
    def of(cls, look: str) -> Self:
        """What is no look counts as none."""
        match = _LOOK.fullmatch(look)
        if match is None:
            return cls()
        language = match["language"] if match["language"] in offered_languages() else ""
        return cls(language, f"#{match['accent']}" if match["accent"] else "")

    @property
    def look(self) -> str:
        return (self.language or _OWN) + self.accent.replace("#", "-")

    def door(self, slug: str, language: str | None = None) -> str:
        """`language` for the same frame in another one."""
        look = Frame(self.language if language is None else language, self.accent).look
        return f"/p/{slug}/embed/{look}"


def is_framed(path: str) -> bool:
    """Whether an address is one of these: what decides on cookies decides on headers, too."""
    parts = path.split("/")
    return len(parts) >= _LEAST_PARTS and parts[1] == "p" and parts[3] == "embed"


def frame_of(path: str) -> Frame | None:
    if not is_framed(path):
        return None
    parts = path.split("/")
    return Frame.of(parts[_LEAST_PARTS]) if len(parts) > _LEAST_PARTS else Frame()
