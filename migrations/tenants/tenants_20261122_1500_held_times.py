from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Answer all that a booking asks before it decides in one round trip"

FORWARDS = """
-- What a hold keeps, with the appointment it became, its client's record and what else is taken around it, holds and
-- appointments as in `taken_times`. Hold and record stay locked until the transaction ends. What is taken is looked at
-- after the locks were won: a volatile function sees with each of its statements what has been committed until then.
CREATE FUNCTION held_times(
    tenant bigint, held_key text, client_email text, reach_back interval, reach_on interval, unexpired_at timestamptz
) RETURNS TABLE (
    hold bigint, held_from timestamptz, service text, practitioner_ref text, place text, booked text, client bigint,
    plan_version bigint, practitioner bigint, taken_from bigint[], taken_until bigint[], starts bigint[]
)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
    known bigint;
BEGIN
    SELECT hold.id, hold.starts_at, hold.practitioner_id, service.ref AS service, practitioner.ref AS practitioner,
           place.ref AS place, appointment.ref AS booked
    INTO held
    FROM hold
    JOIN service ON service.id = hold.service_id
    JOIN practitioner ON practitioner.id = hold.practitioner_id
    JOIN place ON place.id = hold.place_id
    LEFT JOIN appointment ON appointment.tenant_id = hold.tenant_id AND appointment.booking_key = hold.key
    WHERE hold.tenant_id = tenant AND hold.key = held_key
    FOR UPDATE OF hold;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT id INTO known FROM client_record WHERE tenant_id = tenant AND email = client_email FOR NO KEY UPDATE;
    RETURN QUERY
        SELECT held.id, held.starts_at, held.service, held.practitioner, held.place, held.booked, known, taken.*
        FROM taken_times(tenant, ARRAY[held.practitioner_id], held.starts_at - reach_back, held.starts_at + reach_on,
                         0, unexpired_at, held.id) AS taken;
END
$$;
"""

BACKWARDS = """DROP FUNCTION held_times;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
