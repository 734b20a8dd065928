"""Theo sees his own clients alone: they are all there, and everybody else is nowhere, whatever address he types."""

import pytest

from tests.cast import ANA, BEN, NORA, THEO
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.steps import drawn, sign_in
from tests.journeys.visitor import FEW_LOOKS, PHONE, Look, Visitor

pytestmark = pytest.mark.browser

OWN_CLIENTS = "UPDATE membership SET sees_all_clients = false, sees_contacts = $2 WHERE email = $1"
OF_ANA = """
SELECT appointment.ref FROM appointment JOIN client_record ON client_record.id = client_record_id
JOIN practitioner ON practitioner.id = practitioner_id
WHERE email = $1 AND practitioner.name = 'Nora Blake' ORDER BY starts_at DESC LIMIT 1
"""
RECORD = "SELECT ref FROM client_record WHERE email = $1"
NEXT_OF_THEO = """
SELECT starts_at FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
WHERE practitioner.name = 'Theo Roy' AND starts_at > now() AND cancelled_at IS NULL ORDER BY starts_at LIMIT 1
"""


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_professional_finds_his_own_clients_and_nobody_else_s(visit: Visit, portal: Demo, look: Look) -> None:
    await portal.owner.execute(OWN_CLIENTS, THEO, True)
    theo = await visit(look)
    await sign_in(theo, portal, THEO)

    await theo.go("/desk/harbour/clients")
    assert ("Ben Okafor" in await theo.text, "Ana Silva" in await theo.text) == (True, False)
    await theo.follow("Ben Okafor")
    assert await theo.heading.inner_text() == "Ben Okafor"
    assert BEN in await theo.text

    ana, kept = await portal.owner.fetchval(RECORD, ANA), await portal.owner.fetchval(OF_ANA, ANA)
    for there in (f"clients/{ana}", f"appointments/{kept}", f"appointments/{kept}/move", f"clients/{ana}/documents"):
        await is_not_there(theo, f"/desk/harbour/{there}")


async def test_calendar_has_his_column_alone(visit: Visit, portal: Demo) -> None:
    nora, theo = await visit(who=NORA), await visit(who=THEO)
    await portal.owner.execute(OWN_CLIENTS, THEO, True)
    day = (await portal.owner.fetchval(NEXT_OF_THEO)).date()

    seen = {}
    for name, who in (("nora", nora), ("theo", theo)):
        await who.go(f"/desk/harbour?day={day}&view=week")
        await drawn(who)
        seen[name] = ["Nora Blake" in await who.text, await who.page.get_by_label("Whose appointments").count() > 0]

    assert seen == {"nora": [True, True], "theo": [False, False]}


async def test_what_is_hidden_says_so_where_it_would_stand(visit: Visit, portal: Demo) -> None:
    await portal.owner.execute(OWN_CLIENTS, THEO, False)
    theo = await visit(Look(PHONE), THEO)

    await theo.go("/desk/harbour/clients")
    await theo.follow("Ben Okafor")

    said = await theo.text
    assert ("Hidden from you" in said, BEN in said, "555" in said) == (True, False, False)
    assert await theo.page.locator("a[href^='tel:'], a[href^='mailto:']").count() == 0


async def is_not_there(visitor: Visitor, path: str) -> None:
    answer = await visitor.page.goto(path)
    assert answer is not None
    assert (answer.status, "Ana" in await visitor.text) == (404, False)
    assert await visitor.heading.inner_text() == "Nothing here"
