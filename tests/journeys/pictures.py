"""Takes the pictures of the README and of the help from a running demo: `make screenshots`."""

import asyncio
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.cast import ANA, BEN, NORA
from tests.journeys import help_pictures
from tests.journeys.chromium import CHROMIUM, NO_CHROMIUM
from tests.journeys.demo import Demo
from tests.journeys.pages import (
    Way,
    appointment,
    at,
    by_link,
    connections,
    drawn_as,
    full_client,
    own_text,
    profile,
    series_to_book,
    times,
    two_to_merge,
)
from tests.journeys.visitor import Look, Screen, Visitor, Windows, chromium

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"
LARGEST = 300_000  # bytes; a README is read on slow lines, too

WIDE = Screen("wide", 1120, 760)
TALL = Screen("tall", 390, 844)


@dataclass(frozen=True)
class Picture:
    name: str
    way: Way
    look: Look
    who: str = ""


async def times_in_sight(visitor: Visitor, demo: Demo) -> None:
    await times(visitor, demo)
    await visitor.page.locator("#strip").evaluate("strip => strip.scrollIntoView()")


def from_the_top(way: Way) -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await way(visitor, demo)
        await visitor.page.evaluate("() => scrollTo(0, 0)")

    return go


THEM = [
    Picture("practice", at("/p/harbour"), Look(WIDE)),
    Picture("booking-on-a-phone", times, Look(TALL)),
    Picture("booking-in-french", times_in_sight, Look(TALL, language="fr-CA")),
    Picture("appointment-in-the-dark", appointment("starts_at > now()"), Look(TALL, "dark"), ANA),
    Picture("appointments-of-both-practices", at("/appointments"), Look(Screen("list", 1120, 900)), ANA),
    Picture("profile-on-a-phone", profile, Look(TALL), ANA),
    Picture("addresses-in-french", at("/addresses"), Look(TALL, language="fr-CA"), ANA),
    Picture("connections-in-the-dark", connections, Look(TALL, "dark"), ANA),
    Picture("week-at-the-desk", drawn_as("view=week"), Look(Screen("desk", 1280, 1040)), NORA),
    Picture("series-at-the-desk", series_to_book, Look(Screen("desk", 1120, 900)), NORA),
    Picture("record-on-a-phone", from_the_top(full_client()), Look(TALL, "dark"), NORA),
    Picture("two-records-at-the-desk", two_to_merge, Look(Screen("desk", 1120, 900)), NORA),
    Picture("reminder-in-own-words", own_text, Look(Screen("desk", 1280, 1040)), NORA),
    Picture("messages-at-the-desk", at("/desk/harbour/messages"), Look(Screen("desk", 1280, 1200)), NORA),
    Picture("link-on-a-phone", by_link(), Look(TALL, "dark")),
]


async def take_all() -> None:
    folder = Path(tempfile.mkdtemp(prefix="carnet-pictures-"))
    demo = await Demo.start(folder / "var", ROOT)
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        for email in (ANA, BEN, NORA):
            await demo.let_in(email)
        async with chromium() as browser:
            windows = Windows(browser, demo.url)
            for picture in THEM:
                await take(picture, windows, demo)
            missed = await help_pictures.take_all(demo, windows)
    finally:
        await demo.end()
        shutil.rmtree(folder)
    help_pictures.tell(missed)


async def take(picture: Picture, windows: Windows, demo: Demo) -> None:
    visitor = await windows.take(picture.look, demo.signed_in.get(picture.who, ()))
    await picture.way(visitor, demo)
    await visitor.page.evaluate("() => document.fonts.ready")
    file = PICTURES / f"{picture.name}.png"
    await visitor.page.screenshot(path=file)
    if file.stat().st_size > LARGEST:
        sys.exit(f"{file} is larger than {LARGEST} bytes")
    await windows.give_back(visitor)


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit(f"No pictures taken: {NO_CHROMIUM}")
    asyncio.run(take_all())
