"""Nobody is led to a closed door: every link and every form that a page of the desk shows to one who may less."""

import asyncpg
import pytest

from portal.staff.changes import stream
from tests.browser import Browser
from tests.cast import BEN, Cast
from tests.portal.staff.crawl import crawl, door_of
from tests.portal.staff.parts import PARTS, hand_to_theo, may, play
from tests.portal.things import Things, desk_doors, of_desk


@pytest.mark.parametrize("part", PARTS)
async def test_every_link_and_form_leads_to_an_open_door(
    theo: Browser, cast: Cast, things: Things, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """With an appointment of Theo's own client in another column, which is in the record and leads nowhere."""
    monkeypatch.setattr(stream, "LASTS", 0.0)
    await hand_to_theo(owner, cast, things)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 14))
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 27, 14))
    await play(owner, cast, part)
    doors = desk_doors()
    starts = [things.path(path) for method, path in of_desk() if method == "GET" and doors[method, path] in may(part)]

    seen = await crawl(theo, starts)

    assert (seen.failed, seen.doorless) == ({}, set())
    closed = {(page, form) for page, form in seen.forms if doors[door_of("POST", form) or ("", "")] not in may(part)}
    assert closed == set()
