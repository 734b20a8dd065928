"""A client asks for a time; two people answer at once; whoever is told what, everywhere it shows."""

import asyncio

import pytest

from tests.cast import ANA, NORA, THEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import block, choose_time, drawn
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

REQUESTS = "/desk/harbour/requests"
SOON = 5_000  # milliseconds


async def ask_as_ana(visit: Visit, portal: Demo, number: int = 0) -> tuple[Visitor, str]:
    """Ana on the page of what she has asked for, and its ref."""
    await portal.owner.execute("UPDATE service SET needs_approval = true WHERE name = 'Follow-up'")
    ana = await visit(None, ANA)
    await choose_time(ana, number=number)
    await ana.page.get_by_label("Anything we should know?").fill("My left knee.")
    await ana.page.get_by_text("The practice has to agree to this appointment first.").wait_for()
    await ana.press("Ask for this time")
    await ana.page.wait_for_url("**/appointments/*")
    return ana, ana.path.rsplit("/", 1)[1]


async def test_request_accepted_in_two_tabs_at_once_is_accepted_once(visit: Visit, portal: Demo) -> None:
    """Both desks see it come by themselves; one wins, the other reads who did."""
    nora, theo = await visit(None, NORA), await visit(None, THEO)
    for desk in (nora, theo):
        await desk.go(REQUESTS)

    ana, ref = await ask_as_ana(visit, portal)
    sent = await ana.text
    asked_for = await portal.mail_to(ANA, "^Asked for")
    for desk in (nora, theo):
        await desk.page.locator(".request", has_text="Ana Silva").wait_for(timeout=SOON)
    await asyncio.gather(*(desk.press("Accept") for desk in (nora, theo)))
    for desk in (nora, theo):
        await desk.page.locator("main .alert").first.wait_for()
    ends = {NORA: await nora.text, THEO: await theo.text}
    await portal.settle()
    accepted = await portal.mail_to(ANA, "^Accepted")

    winner = next(email for email, text in ends.items() if "Accepted." in text)
    loser = next(text for email, text in ends.items() if email != winner)
    assert "Your request is sent." in sent
    assert "Nothing is agreed yet." in asked_for["text"]
    assert f"This request was already accepted by {winner}" in loser
    assert "has accepted your request and is expecting you." in accepted["text"]
    told = await portal.owner.fetch(
        """SELECT kind FROM message JOIN appointment ON appointment.id = appointment_id
           WHERE appointment.ref = $1 AND audience = 'client' ORDER BY message.id""",
        ref,
    )
    assert [row["kind"] for row in told] == ["requested", "booked"]
    await ana.page.reload()
    await ana.page.get_by_role("button", name="Confirm that you are coming").wait_for()


async def test_reason_of_a_refusal_reaches_the_client(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    ana, _ = await ask_as_ana(visit, portal)
    await nora.go(REQUESTS)
    await nora.follow("Decline")
    await nora.page.get_by_label("What the client reads").fill("We are away that day.")
    await nora.press("Decline the request")
    await nora.page.get_by_text("Declined.").wait_for()
    await portal.settle()

    mail = await portal.mail_to(ANA, "^Not possible")
    await ana.page.reload()
    page = await ana.text
    assert "We are away that day." in mail["text"]
    assert "We are away that day." in page
    assert "Choose another time" in page


async def test_request_is_withdrawn_and_leaves_the_open_desk(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    ana, _ = await ask_as_ana(visit, portal)
    await nora.go(REQUESTS)
    await nora.page.locator(".request", has_text="Ana Silva").wait_for()

    await ana.follow("Withdraw the request")
    await ana.press("Withdraw the request")

    await nora.page.get_by_text("No request waits").wait_for(timeout=SOON)
    assert "You have withdrawn your request." in await ana.text
    assert "You have withdrawn your request." in (await portal.mail_to(ANA, "^Withdrawn"))["text"]


async def test_worker_ends_what_nobody_answers_within_seconds(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    ana, ref = await ask_as_ana(visit, portal)
    await nora.go(REQUESTS)
    await nora.page.locator(".request", has_text="Ana Silva").wait_for()

    await portal.owner.execute("UPDATE appointment SET approve_by = now() WHERE ref = $1", ref)

    await nora.page.get_by_text("No request waits").wait_for(timeout=3 * SOON)
    mail = await portal.mail_to(ANA, "^Not answered")
    await ana.page.reload()
    assert "has not answered your request in time" in mail["text"]
    assert "The practice has not answered your request in time." in await ana.text


async def test_calendar_draws_it_apart_and_lets_nobody_drag_it(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    _, ref = await ask_as_ana(visit, portal)
    day = await portal.owner.fetchval(
        "SELECT (starts_at AT TIME ZONE 'America/Toronto')::date FROM appointment WHERE ref = $1", ref
    )
    await nora.go(f"/desk/harbour?day={day}")
    await drawn(nora)

    asked = nora.page.locator(f".ec-event.is-requested[data-ref='{ref}']")
    await asked.wait_for()
    await asked.click()
    await nora.page.locator("#card").wait_for()

    assert await nora.page.locator("#card [data-attendance]").is_visible() is False
    assert await nora.page.locator("#card [data-cancel]").is_visible() is False
    assert "requested" in await nora.page.locator("#card [data-badges]").inner_text()
    await nora.page.get_by_text("One request waits for your answer").wait_for()
    assert await block(nora, "Ana Silva").count() >= 1
