"""The ways to the calendar by room, to what an appointment has, and to a log in which something stands."""

from tests.cast import ANA
from tests.journeys.demo import Demo
from tests.journeys.steps import drawn
from tests.journeys.visitor import Visitor

_ROOMS = """
INSERT INTO resource_kind (tenant_id, ref, name, what)
SELECT practice.id, kind.* FROM practice, (VALUES
    ('aroomkindd', 'Treatment room', 'room'), ('athingkind', 'Shockwave device', 'equipment')) AS kind
WHERE slug = 'harbour';
INSERT INTO resource (tenant_id, ref, kind_id, place_id, name, position)
SELECT kind.tenant_id, one.ref, kind.id, (SELECT min(id) FROM place WHERE place.tenant_id = kind.tenant_id), one.name,
       one.position
FROM resource_kind AS kind JOIN (VALUES
    ('aroomkindd', 'roomnumber', 'Room 1', 0), ('aroomkindd', 'otherrooom', 'Room 2', 1),
    ('athingkind', 'thedevicee', 'Shockwave', 0)) AS one (kind, ref, name, position) ON one.kind = kind.ref;
INSERT INTO service_need (tenant_id, service_id, kind_id)
SELECT kind.tenant_id, service.id, kind.id FROM resource_kind AS kind JOIN service USING (tenant_id)
WHERE kind.ref = 'aroomkindd' AND service.name = 'Follow-up';
INSERT INTO resource_use (tenant_id, resource_id, appointment_id, blocked_from, blocked_until)
SELECT appointment.tenant_id, resource.id, appointment.id, blocked_from, blocked_until
FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
JOIN resource ON resource.tenant_id = appointment.tenant_id
     AND resource.ref = CASE WHEN practitioner.name = 'Nora Blake' THEN 'roomnumber' ELSE 'otherrooom' END
WHERE cancelled_at IS NULL AND shares = '{}';
INSERT INTO resource_use (tenant_id, resource_id, appointment_id, blocked_from, blocked_until)
SELECT appointment.tenant_id, resource.id, appointment.id, blocked_from, blocked_until
FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
JOIN resource ON resource.tenant_id = appointment.tenant_id AND resource.ref = 'thedevicee'
WHERE cancelled_at IS NULL AND shares = '{}' AND practitioner.name = 'Nora Blake'
"""

_NEXT = """
SELECT appointment.ref, (starts_at AT TIME ZONE 'America/Toronto')::date::text AS day
FROM appointment JOIN client_record ON client_record.id = client_record_id
WHERE email = $1 AND starts_at > now() ORDER BY starts_at LIMIT 1
"""

_LOG = """
INSERT INTO audit_entry (tenant_id, at, by_email, ip, browser, what, did, subject_id, subject_ref, subject, record_id,
                         fields, emptied, before, after)
SELECT practice.id, now() - line.ago, line.by, '203.0.113.5', $1, line.what, line.did, line.subject_id, line.ref,
       line.subject, NULL, line.fields, '{}', line.before, line.after
FROM practice
CROSS JOIN LATERAL (SELECT id, ref FROM service WHERE tenant_id = practice.id ORDER BY id LIMIT 1) AS service
CROSS JOIN LATERAL (
    SELECT id, ref FROM appointment WHERE tenant_id = practice.id ORDER BY id LIMIT 1) AS appointment
CROSS JOIN LATERAL (SELECT id FROM practitioner WHERE tenant_id = practice.id AND name = 'Theo Roy') AS theo
CROSS JOIN LATERAL (VALUES
    (interval '5 minutes', 'nora@harbour.example', 'service', 'changed', service.id, service.ref, 'First visit',
     '{price}'::text[], '{"price": 8500}'::jsonb, '{"price": 9000}'::jsonb),
    (interval '2 hours', 'theo@harbour.example', 'appointment', 'changed', appointment.id, appointment.ref, '',
     '{cancelled_at,cancelled_by}', NULL, NULL),
    (interval '1 day', 'nora@harbour.example', 'opening_hours', 'added', 1, 'someoffice', '', '{}', NULL,
     jsonb_build_object('practitioner_id', theo.id, 'weekday', 5, 'opens', 540, 'closes', 720)),
    (interval '1 day', 'nora@harbour.example', 'booking_policy', 'changed', 1, NULL, '', '{cancel_notice,daily_limit}',
     '{"cancel_notice": "24:00:00", "daily_limit": null}', '{"cancel_notice": "2 days", "daily_limit": 2}'),
    (interval '2 days', 'nora@harbour.example', 'invitation', 'added', 1, 'aninvite22', 'cleo@example.org', '{}', NULL,
     '{"email": "cleo@example.org", "role": "receptionist", "sees_all_clients": true, "sees_contacts": false}')
) AS line (ago, by, what, did, subject_id, ref, subject, fields, before, after)
WHERE slug = 'harbour'
"""
_MANY = """
INSERT INTO audit_entry (tenant_id, at, by_email, ip, browser, what, did, subject_id, subject_ref, fields)
SELECT tenant_id, now() - interval '3 hours', 'theo@harbour.example', '203.0.113.5', '', 'appointment', 'changed', id,
       ref, '{moved_at,starts_at}'
FROM appointment WHERE tenant_id = (SELECT id FROM practice WHERE slug = 'harbour')
"""
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


async def day_by_room(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_ROOMS)
    row = await demo.owner.fetchrow(_NEXT, ANA)
    await visitor.go(f"/desk/harbour?day={row['day']}&by=room")
    await drawn(visitor)


async def appointment_in_room(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_ROOMS)
    row = await demo.owner.fetchrow(_NEXT, ANA)
    await visitor.go(f"/desk/harbour/appointments/{row['ref']}")
    for closed in await visitor.page.locator("main .facts details summary").all():
        await closed.click()


async def log_with_lines(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_LOG, _BROWSER)
    await demo.owner.execute(_MANY)
    await visitor.go("/desk/harbour/audit")
    for closed in await visitor.page.locator("main .acts details summary").all():
        await closed.click()
