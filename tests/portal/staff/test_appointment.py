import re
from datetime import timedelta

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast


async def test_page_tells_who_comes_and_what_has_happened(nora: Browser, cast: Cast) -> None:
    kept = await cast.harbour.appointment(
        ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10), note="left knee"
    )

    await nora.get(f"/desk/harbour/appointments/{kept['ref']}")

    for told in ("Ana Silva", "ana@example.org", "Follow-up", "left knee", "Booked by the client"):
        assert told in nora.text, told


async def test_staff_cancel_after_the_client_s_deadline(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 23, 9))
    await nora.get(f"/desk/harbour/appointments/{kept['ref']}/cancellation")

    await nora.post(nora.path, reason="flood in the house")

    assert "Cancelled by the practice" in nora.text
    assert "flood in the house" in nora.text
    row = await owner.fetchrow(
        "SELECT cancelled_by, (SELECT kind FROM message WHERE audience = 'client') AS notice FROM appointment"
    )
    assert tuple(row) == ("staff", "cancelled")


async def test_too_long_a_reason_is_told_at_its_field_and_nothing_is_cancelled(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 9))
    await nora.get(f"/desk/harbour/appointments/{kept['ref']}/cancellation")

    await nora.post(nora.path, reason="x" * 501)

    assert nora.page.status_code == 422
    assert 'id="error-reason"' in nora.page.text
    assert await owner.fetchval("SELECT cancelled_at FROM appointment") is None


async def test_cancelled_appointment_is_booked_again_in_two_clicks(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    at = cast.harbour.at(2026, 11, 24, 10)
    kept = await cast.harbour.appointment(
        BEN, "Follow-up", "Nora Blake", at, cancelled_at=at - timedelta(days=2), cancelled_by="staff"
    )
    await nora.get(f"/desk/harbour/appointments/{kept['ref']}")
    again = re.findall(r'href="([^"]+start=[^"]+)"', nora.text)[0]

    await nora.get(again)
    assert "Ben Okafor" in nora.text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', nora.text))
    token = fields.pop("_csrf")
    await nora.post("/desk/harbour/appointments/new", token=token, note="", **fields)

    assert nora.page.status_code == 200
    rows = await owner.fetch("SELECT starts_at, client_record_id, cancelled_at FROM appointment ORDER BY id")
    assert [tuple(row) for row in rows][1] == (at, cast.harbour.records[BEN]["id"], None)


async def test_move_to_another_practitioner_inside_the_notice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 23, 10))
    theo = cast.harbour.practitioners["Theo Roy"]
    await nora.get(f"/desk/harbour/appointments/{kept['ref']}/move?practitioner={theo['ref']}")
    assert "2026-11-23T09:00:00-05:00" in nora.page.text

    await nora.post(nora.path.split("?")[0], practitioner=theo["ref"], start="2026-11-23T09:00:00-05:00")

    row = await owner.fetchrow("SELECT starts_at, practitioner_id FROM appointment")
    assert tuple(row) == (cast.harbour.at(2026, 11, 23, 9), theo["id"])
    assert "Moved to this time" in nora.text
    assert "Moved to Theo Roy: Monday, November 23, 2026 at 9:00" in nora.text


async def test_free_times_are_asked_for_with_the_appointment_s_own_length(
    nora: Browser, browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Twice as long as its service, it does not fit into the half hour that is left."""
    at = cast.harbour.at
    long = await cast.harbour.appointment(
        ANA,
        "Follow-up",
        "Nora Blake",
        at(2026, 11, 25, 10),
        ends_at=at(2026, 11, 25, 11),
        blocked_until=at(2026, 11, 25, 11),
    )
    for hour in (9, 14):
        await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", at(2026, 11, 26, hour))
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", at(2026, 11, 26, 10))
    await browser.sign_in(ANA, owner)

    await nora.get(f"/desk/harbour/appointments/{long['ref']}/move?day=2026-11-26")
    await browser.get(f"/appointments/{long['ref']}/move?day=2026-11-26")

    for page in (nora, browser):
        starts = re.findall(r'name="start" value="2026-11-26T(\d\d:\d\d)', page.text)
        assert ("09:30" in starts, "10:30" in starts, "13:15" in starts, "16:30" in starts) == (
            False,
            True,
            False,
            False,
        )


async def test_move_to_a_taken_time_keeps_the_page_and_says_so(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 14))
    page = f"/desk/harbour/appointments/{kept['ref']}/move"
    await nora.get(page)

    await nora.post(
        page, start="2026-11-24T14:00:00-05:00", practitioner=cast.harbour.practitioners["Nora Blake"]["ref"]
    )

    assert nora.page.status_code == 409
    assert "This meets the appointment of Ben Okafor" in nora.text
    assert "Move this appointment" in nora.text


async def test_professional_does_the_same_for_a_colleague_s_client(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await theo.get(f"/desk/harbour/appointments/{kept['ref']}/cancellation")

    await theo.post(theo.path, reason="")

    assert await owner.fetchval("SELECT cancelled_by FROM appointment") == "staff"
