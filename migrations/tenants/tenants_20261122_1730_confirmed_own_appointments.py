from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:30:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "Tell people which of their appointments they have confirmed"

_HEAD = """
DROP FUNCTION own_appointment;

-- One of a person's appointments with everything about it; the lens is opened on the way.
CREATE FUNCTION own_appointment(person bigint, named text) RETURNS TABLE (
    ref text, starts_at timestamptz, ends_at timestamptz, sequence integer, note text, booked_at timestamptz,
    booked_by text, moved_at timestamptz, cancelled_at timestamptz, cancelled_by text, cancel_reason text,
    no_show_at timestamptz, practice_slug text, practice_name text, zone text, accent text, practice_email text,
    practice_phone text, service_name text, service_ref text, practitioner_name text, practitioner_ref text,
    place_name text, street text, postcode text, city text, directions text, minimum_notice interval,
    horizon interval, cancel_notice interval, move_notice interval, mercy interval, daily_limit integer"""

_BODY = """
)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('role', 'portal_person', true), set_config('app.person', person::text, true);
    RETURN QUERY
        SELECT appointment.ref, appointment.starts_at, appointment.ends_at, appointment.sequence, appointment.note,
               appointment.booked_at, appointment.booked_by, appointment.moved_at, appointment.cancelled_at,
               appointment.cancelled_by, appointment.cancel_reason, appointment.no_show_at,
               practice.slug, practice.name, practice.zone, practice.accent, practice.email, practice.phone,
               service.name, service.ref, practitioner.name, practitioner.ref,
               place.name, place.street, place.postcode, place.city, place.directions,
               booking_policy.minimum_notice, booking_policy.horizon, booking_policy.cancel_notice,
               booking_policy.move_notice, booking_policy.mercy, booking_policy.daily_limit"""

_TAIL = """
        FROM appointment
        JOIN practice ON practice.id = appointment.tenant_id
        JOIN service ON service.id = appointment.service_id
        JOIN practitioner ON practitioner.id = appointment.practitioner_id
        JOIN place ON place.id = appointment.place_id
        LEFT JOIN booking_policy ON booking_policy.tenant_id = appointment.tenant_id
        WHERE appointment.ref = named;
END
$$;
"""

_COLUMNS = ", confirmed_at timestamptz, confirmed_by text"
_VALUES = ", appointment.confirmed_at, appointment.confirmed_by"

FORWARDS = _HEAD + _COLUMNS + _BODY + _VALUES + _TAIL
BACKWARDS = _HEAD + _BODY + _TAIL


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
