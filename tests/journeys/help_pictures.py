"""The pictures of the help's article on how a practice starts, in each language: small WebP files in `static/help`.

`make screenshots` takes them after those of the README, `python -m tests.journeys.help_pictures` alone. Then build the
front end again, which gives them their addresses.
"""

import asyncio
import io
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from portal.languages.words import offered_languages
from tests.cast import BEN, NORA
from tests.journeys.chromium import CHROMIUM, NO_CHROMIUM
from tests.journeys.demo import Demo
from tests.journeys.visitor import Look, Screen, Visitor, Windows, chromium

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "portal/static/help"
READERS = {"en": "en-CA", "fr": "fr-CA", "es": "es-MX"}
SCREEN = Screen("help", 1000, 700)
LARGEST = 60_000  # bytes: nine of them stand on one page
FOUND = 200


@dataclass(frozen=True)
class Picture:
    """Of the page at `path`, as `who` sees it; nobody for a stranger."""

    name: str
    path: str
    who: str = ""


THEM = [
    Picture("start-sign-up", "/practices/new", BEN),
    Picture("start-booking", "/p/harbour/book?service={service}"),
    Picture("start-settings", "/desk/harbour/settings", NORA),
    Picture("start-team", "/desk/harbour/team", NORA),
    Picture("start-requests", "/desk/harbour/requests", NORA),
    Picture("start-waiting", "/desk/harbour/waiting", NORA),
]

_REQUESTED = """
UPDATE appointment SET approve_by = now() + interval '5 hours'
WHERE id IN (SELECT appointment.id FROM appointment JOIN practice ON practice.id = tenant_id
             WHERE slug = 'harbour' AND starts_at > now() + interval '6 hours' AND cancelled_at IS NULL
             ORDER BY starts_at LIMIT 2)
"""
_WISHED = """
INSERT INTO waiting_wish (tenant_id, ref, client_record_id, service_id, weekdays, from_minute, until_minute, first_day,
                          last_day, created_at)
SELECT record.tenant_id, 'awish' || record.id, record.id, service.id, '{0,1,2,3,4}', 480, 720, current_date,
       current_date + 21, now() - record.id * interval '1 hour'
FROM client_record AS record JOIN practice ON practice.id = record.tenant_id
JOIN service ON service.tenant_id = practice.id AND service.name = 'Follow-up'
WHERE slug = 'harbour' ORDER BY record.id LIMIT 2
"""
_INVITED = """
INSERT INTO invitation (tenant_id, ref, key, email, role, by_email, created_at, expires_at)
SELECT id, 'aninvite22', 'a-key-of-twenty-two-xx', 'cleo@example.org', 'receptionist', 'nora@harbour.example', now(),
       now() + interval '7 days'
FROM practice WHERE slug = 'harbour'
"""


async def take_all(demo: Demo, windows: Windows) -> list[str]:
    """What could not be taken, in words: a page that does not exist yet leaves its picture as it was."""
    missed = []
    for arranged in (_REQUESTED, _WISHED, _INVITED):
        await demo.owner.execute(arranged)
    service = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in THEM:
        for language in offered_languages():
            look = Look(SCREEN, language=READERS.get(language, language))
            visitor = await windows.take(look, demo.signed_in.get(picture.who, ()))
            if await _take(visitor, picture, picture.path.format(service=service), language):
                missed.append(f"{picture.name}.{language}: no page at {picture.path}")
            await windows.give_back(visitor)
    return missed


async def _take(visitor: Visitor, picture: Picture, path: str, language: str) -> bool:
    """True when there is no such page."""
    answer = await visitor.page.goto(path)
    if answer is None or answer.status != FOUND:
        visitor.trouble.clear()
        return True
    await visitor.page.evaluate("() => document.fonts.ready")
    taken = Image.open(io.BytesIO(await visitor.page.screenshot()))
    file = FOLDER / f"{picture.name}.{language}.webp"
    taken.convert("RGB").save(file, "WEBP", quality=80, method=6)
    if file.stat().st_size > LARGEST:
        sys.exit(f"{file} is larger than {LARGEST} bytes")
    return False


async def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="carnet-pictures-"))
    demo = await Demo.start(folder / "var", ROOT)
    try:
        for email in (NORA, BEN):
            await demo.let_in(email)
        async with chromium() as browser:
            missed = await take_all(demo, Windows(browser, demo.url))
    finally:
        await demo.end()
        shutil.rmtree(folder)
    tell(missed)


def tell(missed: list[str]) -> None:
    if missed:
        sys.exit("Not taken, the others are:\n" + "\n".join(missed))


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit(f"No pictures taken: {NO_CHROMIUM}")
    asyncio.run(main())
