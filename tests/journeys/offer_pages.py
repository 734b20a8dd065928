"""The way to every page on which a practice says what it offers: services, people, places, rooms."""

from tests.cast import NORA, THEO
from tests.journeys.demo import Demo
from tests.journeys.pages import PageUnderTest, Way, at
from tests.journeys.visitor import Visitor

DESK = "/desk/harbour"
ROOMS = f"{DESK}/resources/akindffffff"


def with_rows(sql: str, path: str) -> Way:
    """`{}` in the path is Follow-up's ref."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(sql)
        service = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
        await visitor.go(path.format(service))

    return go


def refused(path: str) -> Way:
    """A form that is sent as it is, past the browser's own check."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(_ROOMS)
        await visitor.go(path)
        await visitor.page.evaluate(
            "() => { for (const each of document.querySelectorAll('details')) each.open = true; }"
        )
        await visitor.page.evaluate("() => { for (const form of document.forms) form.noValidate = true; }")
        await visitor.page.locator("main form .button.is-primary").first.click()
        await visitor.page.locator("#errors").wait_for()

    return go


def given_up(path: str, action: str, sql: str = "") -> Way:
    """What follows on the button that gives something up: why not, or what keeps it."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(_ROOMS + sql)
        ref = await demo.owner.fetchval("SELECT ref FROM practitioner WHERE name = 'Nora Blake'")
        await visitor.go(path.format(ref))
        await visitor.page.locator(f"form[action$='{action}/retirement'] button").click()
        await visitor.page.locator("#errors, [name=confirmed]").wait_for(state="attached")

    return go


async def practitioner(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM practitioner WHERE name = 'Nora Blake'")
    await visitor.go(f"{DESK}/practitioners/{ref}")


async def reordered(visitor: Visitor, _: Demo) -> None:
    await visitor.go(f"{DESK}/services")
    await visitor.page.locator("[name=way]").first.click()
    await visitor.page.wait_for_url("**moved=*")


async def zone_question(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM place ORDER BY id LIMIT 1")
    await visitor.go(f"{DESK}/places/{ref}")
    await visitor.page.locator("[name=zone]").select_option("America/Vancouver")
    await visitor.page.locator("main form .button.is-primary").first.click()
    await visitor.page.locator("[name=confirmed]").wait_for(state="attached")


async def hours_far_apart(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_HALIFAX)
    await visitor.go(f"{DESK}/hours")
    await visitor.page.evaluate("() => { for (const each of document.querySelectorAll('details')) each.open = true; }")


_HALIFAX = """
INSERT INTO place (tenant_id, ref, name, street, postcode, city, directions, zone, position)
SELECT id, 'placefffff', 'Halifax Studio', '5 Water Street', 'B3J 1R7', 'Halifax', 'Second floor', 'America/Halifax', 1
FROM practice WHERE slug = 'harbour';
"""
_ROOMS = """
INSERT INTO resource_kind (tenant_id, ref, name, what)
SELECT id, 'akindffffff', 'Treatment room', 'room' FROM practice WHERE slug = 'harbour'
UNION ALL SELECT id, 'anotherkind', 'Laser', 'equipment' FROM practice WHERE slug = 'harbour';
INSERT INTO resource (tenant_id, ref, kind_id, place_id, name, position)
SELECT kind.tenant_id, 'athingffff' || number, kind.id, place.id, 'Room ' || number, number
FROM resource_kind AS kind, generate_series(1, 3) AS number,
     (SELECT min(place.id) AS id FROM place JOIN practice ON practice.id = tenant_id WHERE slug = 'harbour') AS place
WHERE kind.ref = 'akindffffff';
UPDATE resource SET retired_at = now() WHERE ref = 'athingffff3';
INSERT INTO service_need (tenant_id, service_id, kind_id)
SELECT service.tenant_id, service.id, kind.id FROM service JOIN resource_kind AS kind USING (tenant_id)
WHERE service.name = 'Follow-up' AND kind.ref IN ('akindffffff', 'anotherkind');
"""
_PARTICULAR = """
UPDATE service SET capacity = 1, needs_approval = true, colour = '#c2377f' WHERE name = 'Follow-up';
INSERT INTO service_text (tenant_id, service_id, language, name, about)
SELECT tenant_id, id, 'fr', 'Suivi', 'On continue.' FROM service WHERE name = 'Follow-up';
UPDATE appointment SET seat = 1 WHERE starts_at > now();
INSERT INTO appointment (tenant_id, ref, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, shares, booking_key, booked_at, booked_by, seat)
SELECT tenant_id, 'asecondseat', client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
       blocked_from, blocked_until, tstzmultirange(tstzrange(blocked_from, blocked_until)), 'a-key', booked_at,
       booked_by, 2
FROM appointment JOIN service USING (tenant_id)
WHERE service.id = service_id AND name = 'Follow-up' AND starts_at > now() AND cancelled_at IS NULL LIMIT 1;
"""
_GROUP = "UPDATE service SET capacity = 8, needs_approval = true WHERE name = 'Follow-up';"
_ROOM_USED = """
INSERT INTO resource_use (tenant_id, resource_id, appointment_id, blocked_from, blocked_until)
SELECT appointment.tenant_id, resource.id, appointment.id, blocked_from, blocked_until
FROM appointment JOIN resource USING (tenant_id)
WHERE resource.ref = 'athingffff1' AND starts_at > now() AND cancelled_at IS NULL ORDER BY starts_at LIMIT 1;
"""
_ALL_GONE = "UPDATE practitioner SET retired_at = now();"
_ONE_GONE = "UPDATE practitioner SET retired_at = now() WHERE name = 'Theo Roy';"
_NO_PLACE = "UPDATE place SET retired_at = now();"

OFFER_PAGES = [
    PageUnderTest("practice-with-a-group", with_rows(_GROUP, "/p/harbour")),
    PageUnderTest("times-of-a-group", with_rows(_GROUP, "/p/harbour/book?service={}")),
    PageUnderTest("desk-service-particular", with_rows(_ROOMS + _PARTICULAR, DESK + "/services/{}?saved=yes"), NORA),
    PageUnderTest("desk-service-to-read", with_rows(_ROOMS + _PARTICULAR, DESK + "/services/{}"), THEO),
    PageUnderTest("desk-services-missing", with_rows(_HALIFAX + _ROOMS + _GROUP, f"{DESK}/services"), NORA),
    PageUnderTest("desk-services-reordered", reordered, NORA),
    PageUnderTest("desk-practitioners", at(f"{DESK}/practitioners"), NORA),
    PageUnderTest("desk-practitioners-retired", with_rows(_ONE_GONE, f"{DESK}/practitioners"), NORA),
    PageUnderTest("desk-practitioners-none", with_rows(_ALL_GONE, f"{DESK}/practitioners"), NORA),
    PageUnderTest("desk-practitioners-to-read", at(f"{DESK}/practitioners"), THEO),
    PageUnderTest("desk-practitioner", practitioner, NORA),
    PageUnderTest("desk-practitioner-to-read", practitioner, THEO),
    PageUnderTest("desk-practitioner-refused", refused(f"{DESK}/practitioners/new"), NORA),
    PageUnderTest("desk-practitioner-still-needed", given_up(DESK + "/practitioners/{}", ""), NORA),
    PageUnderTest("desk-places", with_rows(_HALIFAX + _ROOMS, f"{DESK}/places"), NORA),
    PageUnderTest("desk-places-none", with_rows(_NO_PLACE, f"{DESK}/places"), NORA),
    PageUnderTest("desk-place", with_rows(_HALIFAX, f"{DESK}/places/placefffff"), NORA),
    PageUnderTest("desk-place-to-read", with_rows(_HALIFAX, f"{DESK}/places/placefffff"), THEO),
    PageUnderTest("desk-place-refused", refused(f"{DESK}/places/new"), NORA),
    PageUnderTest("desk-place-zone", zone_question, NORA),
    PageUnderTest("desk-hours-far-apart", hours_far_apart, NORA),
    PageUnderTest("desk-hours-nowhere", with_rows(_NO_PLACE, f"{DESK}/hours"), NORA),
    PageUnderTest("desk-rooms-none", at(f"{DESK}/resources"), NORA),
    PageUnderTest("desk-rooms", with_rows(_HALIFAX + _ROOMS, f"{DESK}/resources"), NORA),
    PageUnderTest("desk-kind", with_rows(_HALIFAX + _ROOMS, ROOMS), NORA),
    PageUnderTest("desk-kind-to-read", with_rows(_ROOMS, ROOMS), THEO),
    PageUnderTest("desk-kind-new", with_rows(_HALIFAX, f"{DESK}/resources/new"), NORA),
    PageUnderTest("desk-kind-refused", refused(f"{DESK}/resources/new"), NORA),
    PageUnderTest("desk-kind-still-needed", given_up(ROOMS, "akindffffff"), NORA),
    PageUnderTest("desk-room-refused", refused(ROOMS), NORA),
    PageUnderTest("desk-room-to-rename", with_rows(_ROOMS, f"{ROOMS}/things/athingffff1"), NORA),
    PageUnderTest("desk-room-in-use", given_up(ROOMS, "athingffff1", _ROOM_USED), NORA),
]
