"""The way to pages as Theo sees them who sees his own clients alone, and no way to reach them."""

from tests.cast import ANA, BEN, THEO
from tests.journeys.demo import Demo
from tests.journeys.pages import PageUnderTest, Way, at, of_record
from tests.journeys.visitor import Visitor


def seen_less(way: Way) -> Way:
    """The same page, as Theo sees it who sees his own clients alone and no way to reach them. Ben is his."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(SEES_LESS, THEO)
        await way(visitor, demo)

    return go


async def appointment_of_theo(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval(THEO_S_NEXT)
    await visitor.go(f"/desk/harbour/appointments/{ref}")


async def sheet_for_ben(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    await visitor.go(f"/desk/harbour/appointments/sheet?client={ref}&q=nobody")


async def address_known_to_the_practice(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/clients/new")
    await visitor.page.locator("[name=first_name]").fill("Mia")
    await visitor.page.locator("[name=email]").fill(ANA)
    await visitor.page.locator("main button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


async def note_with_a_number(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    await demo.owner.execute(NOTE_WITH_A_NUMBER, BEN)
    await visitor.go(f"/desk/harbour/clients/{ref}/notes/anumberfff")


SEES_LESS = """
UPDATE membership SET role = 'professional', sees_all_clients = false, sees_contacts = false WHERE email = $1
"""
THEO_S_NEXT = """
SELECT appointment.ref FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
WHERE practitioner.name = 'Theo Roy' AND starts_at > now() AND cancelled_at IS NULL ORDER BY starts_at LIMIT 1
"""
NOTE_WITH_A_NUMBER = """
WITH note AS (
    INSERT INTO client_note (tenant_id, ref, client_record_id, created_at)
    SELECT tenant_id, 'anumberfff', id, now() FROM client_record WHERE email = $1 RETURNING *
)
INSERT INTO client_note_version (tenant_id, note_id, at, by_email, body)
SELECT tenant_id, id, now(), 'nora@harbour.example', 'His brother: 416 555 0188.' FROM note
"""

SEEN_LESS_PAGES = [
    PageUnderTest("desk-day-seen-less", seen_less(at("/desk/harbour")), THEO),
    PageUnderTest("desk-clients-seen-less", seen_less(at("/desk/harbour/clients")), THEO),
    PageUnderTest("desk-clients-seen-less-none", seen_less(at("/desk/harbour/clients?q=555+0101")), THEO),
    PageUnderTest("desk-client-seen-less", seen_less(of_record("", BEN)), THEO),
    PageUnderTest("desk-appointment-seen-less", seen_less(appointment_of_theo), THEO),
    PageUnderTest("desk-sheet-seen-less", seen_less(sheet_for_ben), THEO),
    PageUnderTest("desk-messages-seen-less", seen_less(at("/desk/harbour/messages")), THEO),
    PageUnderTest("desk-note-seen-less", seen_less(note_with_a_number), THEO),
    PageUnderTest("desk-address-known-already", seen_less(address_known_to_the_practice), THEO),
]
