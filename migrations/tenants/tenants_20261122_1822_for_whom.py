from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T18:22:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Tell people which of their appointments are a child's, and whose"

_LIST = """
DROP FUNCTION own_list;

-- A person's lens and the list of their appointments in one: everything to come, and the last `most_past` before. What
-- a line of the list says; the next one that stands, at `of_practice` or ('') anywhere, with what its card says as well.
-- Row-level security shows the rows that hang from their proved addresses.
CREATE FUNCTION own_list(person bigint, at timestamptz, most_past integer, of_practice text) RETURNS TABLE (
    ref text, starts_at timestamptz, ends_at timestamptz, booked_at timestamptz, moved_at timestamptz,
    cancelled_at timestamptz, no_show_at timestamptz, practice_slug text, practice_name text, zone text, accent text,
    service_name text, practitioner_name text, """

_LIST_COLUMNS = """is_next boolean, place_name text, street text, postcode text, city text,
    minimum_notice interval, horizon interval, cancel_notice interval, move_notice interval, mercy interval,
    daily_limit integer
)
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('role', 'portal_person', true), set_config('app.person', person::text, true);
    RETURN QUERY
        WITH theirs AS MATERIALIZED (  -- so that a list of sixty lines looks each of a few practitioners up once
            SELECT practitioner.id, practitioner.name AS practitioner_name, practice.slug, practice.name,
                   practice.zone, practice.accent
            FROM practitioner JOIN practice ON practice.id = practitioner.tenant_id
        )
        SELECT listed.ref, listed.starts_at, listed.ends_at, listed.booked_at, listed.moved_at, listed.cancelled_at,
               listed.no_show_at, theirs.slug, theirs.name, theirs.zone, theirs.accent, service.name,
               theirs.practitioner_name, """

_LIST_BODY = """listed.is_next, place.name, place.street, place.postcode, place.city,
               booking_policy.minimum_notice, booking_policy.horizon, booking_policy.cancel_notice,
               booking_policy.move_notice, booking_policy.mercy, booking_policy.daily_limit
        FROM (
            SELECT *, may_be_next AND starts_at = min(starts_at) FILTER (WHERE may_be_next) OVER () AS is_next
            FROM (
                SELECT *, row_number() OVER (PARTITION BY ends_at <= at ORDER BY starts_at DESC) AS back,
                       ends_at > at AND cancelled_at IS NULL
                       AND (of_practice = '' OR tenant_id = (SELECT id FROM practice WHERE slug = of_practice))
                       AS may_be_next
                FROM appointment
            ) AS each_of_theirs
            WHERE ends_at > at OR back <= most_past
        ) AS listed
        JOIN theirs ON theirs.id = listed.practitioner_id
        JOIN service ON service.id = listed.service_id
        LEFT JOIN place ON place.id = CASE WHEN listed.is_next THEN listed.place_id END
        LEFT JOIN booking_policy ON booking_policy.tenant_id = place.tenant_id
        ORDER BY listed.starts_at;
END
$$;
"""

# All children at once, before the list: few people have any, and each of their lines would pay for looking one up.
_CHILDREN = """
CREATE INDEX client_record_children ON client_record (reach_email) WHERE guardian_id IS NOT NULL;
"""
_WITH_CHILDREN = _LIST_COLUMNS.replace(
    """
        )
        SELECT listed""",
    """
        ), children AS MATERIALIZED (
            SELECT id, first_name FROM client_record WHERE guardian_id IS NOT NULL
        )
        SELECT listed""",
)
_OF_CHILDREN = _LIST_BODY.replace(
    """
        JOIN service""",
    """
        LEFT JOIN children ON children.id = listed.client_record_id
        JOIN service""",
)

_ONE = """
DROP FUNCTION own_appointment;

-- One of a person's appointments with everything about it; the lens is opened on the way.
CREATE FUNCTION own_appointment(person bigint, named text) RETURNS TABLE (
    ref text, starts_at timestamptz, ends_at timestamptz, sequence integer, note text, booked_at timestamptz,
    booked_by text, moved_at timestamptz, cancelled_at timestamptz, cancelled_by text, cancel_reason text,
    no_show_at timestamptz, practice_slug text, practice_name text, zone text, accent text, practice_email text,
    practice_phone text, service_name text, service_ref text, practitioner_name text, practitioner_ref text,
    place_name text, street text, postcode text, city text, directions text, minimum_notice interval,
    horizon interval, cancel_notice interval, move_notice interval, mercy interval, daily_limit integer,
    confirmed_at timestamptz, confirmed_by text"""

_ONE_COLUMNS = """
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
               booking_policy.move_notice, booking_policy.mercy, booking_policy.daily_limit,
               appointment.confirmed_at, appointment.confirmed_by"""

_ONE_BODY = """
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

_CHILD = """,
               coalesce((SELECT first_name FROM client_record
                         WHERE id = appointment.client_record_id AND guardian_id IS NOT NULL), '')"""

FORWARDS = (
    _CHILDREN
    + _LIST
    + "for_name text, "
    + _WITH_CHILDREN
    + "coalesce(children.first_name, ''), "
    + _OF_CHILDREN
    + _ONE
    + ", for_name text"
    + _ONE_COLUMNS
    + _CHILD
    + _ONE_BODY
)
_WITHOUT_CHILDREN = "DROP INDEX client_record_children;"
BACKWARDS = _WITHOUT_CHILDREN + _LIST + _LIST_COLUMNS + _LIST_BODY + _ONE + _ONE_COLUMNS + _ONE_BODY


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
