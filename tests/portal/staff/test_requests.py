"""The page of what clients ask for: a click accepts, a reason declines, who comes second is told who was first."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.portal.staff.asking import JSON, ask
from tests.tenants.requests.asked import DEADLINE, request_made, state_of, told_to_client

PAGE = "/desk/harbour/requests"


def order(text: str, *words: str) -> list[int]:
    return [text.index(each) for each in words]


async def restrict(owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE membership SET sees_all_clients = false WHERE email = $1", THEO)


async def test_soonest_deadline_stands_on_top_with_what_one_needs_to_know(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 2, 10))
    await request_made(cast, note="My left knee.")
    await request_made(cast, email=BEN, who="Theo Roy", approve_by=MONDAY + timedelta(hours=3))

    await nora.get(PAGE)

    text = nora.text
    assert order(text, "Ben Okafor", "Ana Silva") == sorted(order(text, "Ben Okafor", "Ana Silva"))
    assert "Answer by Monday, November 23, 2026 at 11:00\u202fa.m." in text
    assert "(in\u00a03\u00a0hours)" in text
    assert text.count("new client") == 1
    assert "My left knee." in text


async def test_empty_page_says_what_will_stand_there(nora: Browser) -> None:
    await nora.get(PAGE)

    assert nora.page.status_code == 200
    assert "No request waits" in nora.text


async def test_one_click_accepts(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)
    await nora.get(PAGE)

    await nora.post(f"{PAGE}/{row['ref']}/acceptance", seen="0")

    assert nora.path == f"{PAGE}?done=accepted&of={row['ref']}"
    assert "Accepted." in nora.text
    assert f"by {NORA}" in nora.text
    assert await state_of(owner, row) == "accepted"


async def test_declining_asks_what_the_client_reads(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)
    await nora.get(f"{PAGE}/{row['ref']}/refusal")
    asked = nora.text

    await nora.post(nora.path, reason="On holiday that week.")
    here = nora.text
    await nora.get(f"/desk/harbour/appointments/{row['ref']}")

    assert "What the client reads" in asked
    assert "On holiday that week." in here
    assert ("On holiday that week." in nora.text, "Declined by the practice" in nora.text) == (True, True)
    assert (await state_of(owner, row), await told_to_client(owner, row)) == ("declined", ["requested", "declined"])


async def test_reason_that_is_too_long_is_kept_in_its_field(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    row = await request_made(cast)
    await nora.get(f"{PAGE}/{row['ref']}/refusal")

    await nora.post(nora.path, reason="x" * 501)

    assert nora.page.status_code == 422
    assert "x" * 501 in nora.text
    assert await state_of(owner, row) == "pending"


async def test_second_answer_is_told_who_gave_the_first(nora: Browser, theo: Browser, cast: Cast) -> None:
    row = await request_made(cast)
    for desk in (nora, theo):
        await desk.get(PAGE)

    await theo.post(f"{PAGE}/{row['ref']}/acceptance", seen="0")
    told = []
    for path in ("acceptance", "refusal"):
        await nora.post(f"{PAGE}/{row['ref']}/{path}", seen="0", reason="No.")
        told.append((nora.page.status_code, f"already accepted by {THEO}" in nora.text))

    assert told == [(409, True)] * 2


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"cancelled_at": MONDAY, "cancelled_by": "client"}, "This appointment was cancelled"),
        ({"approve_by": MONDAY}, "It has ended by itself"),
        ({"cancelled_at": MONDAY, "cancelled_by": "rule"}, "It has ended by itself"),
        ({"sequence": 1}, "Meanwhile this appointment has been moved"),
    ],
)
async def test_what_has_changed_meanwhile_is_not_accepted(
    nora: Browser, cast: Cast, columns: dict[str, Any], says: str
) -> None:
    row = await request_made(cast, **columns)
    await nora.get(PAGE)

    await nora.post(f"{PAGE}/{row['ref']}/acceptance", seen="0")

    assert (nora.page.status_code, says in nora.text) == (409, True)


async def test_answer_is_given_on_the_appointment_s_own_page_too(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    row = await request_made(cast)
    page = f"/desk/harbour/appointments/{row['ref']}"
    await nora.get(page)
    assert "A request: nobody has agreed to it yet." in nora.text
    assert "Note as confirmed" not in nora.text

    await nora.post(f"{PAGE}/{row['ref']}/acceptance", seen="0", back="appointment")
    first = (nora.path, "The request is accepted." in nora.text, f"Accepted by {NORA}" in nora.text)
    await nora.post(f"{PAGE}/{row['ref']}/acceptance", seen="0", back="appointment")

    assert first == (f"{page}?done=accepted", True, True)
    assert (nora.page.status_code, f"already accepted by {NORA}" in nora.text) == (409, True)
    assert await state_of(owner, row) == "accepted"


async def test_moving_it_accepts_it_there(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast)
    page = f"/desk/harbour/appointments/{row['ref']}"
    await nora.get(f"{page}/move?day=2026-11-26")
    warned = "accepts it there" in nora.text

    await nora.post(f"{page}/move", start="2026-11-26T11:00:00-05:00", practitioner="")

    assert (warned, nora.path) == (True, f"{page}?done=accepted")
    assert await told_to_client(owner, row) == ["requested", "booked"]


async def test_cancelling_it_leads_to_declining(nora: Browser, cast: Cast) -> None:
    row = await request_made(cast)

    await nora.get(f"/desk/harbour/appointments/{row['ref']}/cancellation")

    assert nora.path == f"{PAGE}/{row['ref']}/refusal?back=appointment"


async def test_declined_is_had_after_all(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    row = await request_made(cast, cancelled_at=MONDAY, cancelled_by="staff", declined_at=MONDAY)
    page = f"/desk/harbour/appointments/{row['ref']}"
    await nora.get(page)
    assert "Accept after all" in nora.text

    await nora.post(f"{page}/restoration", seen="0")

    assert await state_of(owner, row) == "accepted"


async def test_attendance_waits_for_the_answer(nora: Browser, cast: Cast) -> None:
    row = await request_made(cast)

    told = await ask(nora, f"/desk/harbour/appointments/{row['ref']}/attendance", what="arrived")

    assert told.status_code == 422
    assert "Nobody has agreed to this appointment yet." in told.json()["refusal"]


async def test_calendar_tells_of_it_and_draws_it_apart(nora: Browser, cast: Cast) -> None:
    await request_made(cast)

    await nora.get("/desk/harbour?view=list&day=2026-11-25")
    listed = nora.text
    feed = (await nora.http.get("/desk/harbour/calendar.json?from=2026-11-25", headers=JSON)).json()

    assert "One request waits for your answer" in listed
    assert "is-requested" in listed
    assert [row["state"] for row in feed["appointments"]] == ["requested"]


async def test_count_stands_beside_the_way_to_them(nora: Browser, cast: Cast) -> None:
    await nora.get(f"{PAGE}/count")
    none = nora.text.strip()
    await request_made(cast)
    await request_made(cast, who="Theo Roy")

    await nora.get(f"{PAGE}/count")

    assert none == ""
    assert "(2 wait)" in nora.text


async def test_professional_of_their_own_clients_answers_their_own(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Ana is Theo's client, too: what she asks of Nora is Nora's to answer all the same."""
    await restrict(owner)
    own = await request_made(cast, who="Theo Roy")
    nora_s = await request_made(cast)
    ben_s = await request_made(cast, email=BEN, starts_at=cast.harbour.at(2026, 11, 25, 11))

    await theo.get(PAGE)
    shown = [row["ref"] in theo.text for row in (own, nora_s, ben_s)]
    await theo.get(f"{PAGE}/count")
    counted = "(1 waits)" in theo.text
    await theo.get(PAGE)
    statuses = []
    for row in (nora_s, ben_s):
        for path in ("acceptance", "refusal"):
            answer = await theo.post(f"{PAGE}/{row['ref']}/{path}", reason="")
            statuses.append(answer.status_code)
            await theo.get(PAGE)
    await theo.post(f"{PAGE}/{own['ref']}/acceptance", seen="0")

    assert (shown, counted, statuses) == ([True, False, False], True, [404] * 4)
    assert [await state_of(owner, row) for row in (own, nora_s, ben_s)] == ["accepted", "pending", "pending"]


async def test_reception_answers_for_everybody(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> None:
    tenant = cast.harbour.tenant.id
    await insert(owner, "membership", tenant_id=tenant, email="cleo@example.org", role="receptionist")
    row = await request_made(cast)
    async with Browser(make_app(clock)) as cleo:
        await cleo.sign_in("cleo@example.org", owner)
        await cleo.get(PAGE)

        await cleo.post(f"{PAGE}/{row['ref']}/acceptance", seen="0")

    assert await state_of(owner, row) == "accepted"


async def test_what_was_answered_lately_stands_below(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """Withdrawn and not answered, too; not what has become two weeks old."""
    harbour = cast.harbour
    ends: list[dict[str, Any]] = [
        {"accepted_at": MONDAY, "accepted_by": THEO},
        {"cancelled_at": MONDAY, "cancelled_by": "rule"},
        {"cancelled_at": MONDAY, "cancelled_by": "client"},
        {"cancelled_at": MONDAY, "cancelled_by": "staff", "declined_at": MONDAY},
        {"accepted_at": MONDAY - timedelta(days=15), "accepted_by": THEO, "approve_by": MONDAY - timedelta(days=14)},
    ]
    for hour, columns in enumerate(ends):
        await request_made(cast, starts_at=harbour.at(2026, 11, 25, 9 + hour), **columns)

    await nora.get(PAGE)

    said = nora.text.split("Answered lately")[1]
    assert [said.count(words) for words in ("accepted", "not answered in time", "withdrawn by the client")] == [1, 1, 1]
    assert (said.count("declined"), said.count("<li")) == (1, 4)
    assert f"by {THEO}" in said


async def test_deadline_passed_waits_for_nobody(nora: Browser, cast: Cast, clock: TestClock) -> None:
    """The worker ends it within seconds; meanwhile it is nothing to answer."""
    await request_made(cast)
    clock.now = DEADLINE

    await nora.get(PAGE)

    assert "No request waits" in nora.text
