"""What the letter says by which somebody is invited to a practice's team."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from portal.database import read_row
from portal.languages.formats import Formats
from portal.languages.words import Words
from portal.settings import Settings
from portal.team_words import said_invitation

_BEHIND = "SELECT FROM behind_invitation($1)"


async def leads_somewhere(facts: dict[str, Any]) -> bool:
    """Unless another link has taken the place of this one."""
    return await read_row(_BEHIND, facts["key"]) is not None


def of_invitation(
    facts: dict[str, Any], locale: Locale, words: Words, settings: Settings
) -> tuple[str, dict[str, Any]]:
    """Template and facts."""
    formats = Formats(locale, ZoneInfo(facts["zone"]))
    until = datetime.fromisoformat(facts["until"])
    return "invitation", {
        "subject": words.gettext("An invitation from %(practice)s", practice=facts["practice"]),
        "said": said_invitation(facts["by"], facts["practice"], facts["role"], words),
        "until": f"{formats.moment(until)} ({formats.zone_name()})",
        "link": f"{settings.public_url}/invitations/{facts['key']}",
        "accent": facts["accent"],
    }
