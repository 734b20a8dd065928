from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Text:
    """One message for a phone. `to` is E.164. Nobody needs it after `useful_until`.

    `mark` stands in this message's body and in no other's to that number: by it a provider's list is searched. The
    provider reports what becomes of it to `report_to`. `parts` is what it costs.
    """

    to: str
    body: str
    language: str
    written_at: datetime
    useful_until: datetime
    mark: str = ""
    report_to: str | None = None
    parts: int = 1
