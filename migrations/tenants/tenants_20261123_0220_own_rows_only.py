from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements
from migrations.tenants.tenants_20261122_1832_retention import FORWARDS as RETENTION
from migrations.tenants.tenants_20261123_0110_team import FORWARDS as TEAM

ID = "2026-11-23T02:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep whoever sees their own clients alone to their own column, and from what hangs from others' records"

# What hangs from a record by way of another row, and what is nobody's who does not see all clients.
BEHIND = {
    "client_note_version": "EXISTS (SELECT FROM client_note WHERE client_note.id = note_id)",
    "document_content": "EXISTS (SELECT FROM client_document WHERE client_document.id = document_content.id)",
    "booking_override": "EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id)",
    "client_merge": "EXISTS (SELECT FROM client_record WHERE client_record.id = kept_id)",
    "client_distinct": (
        "EXISTS (SELECT FROM client_record WHERE client_record.id = one_id)"
        " AND EXISTS (SELECT FROM client_record WHERE client_record.id = other_id)"
    ),
    "erasure": "EXISTS (SELECT FROM client_record WHERE client_record.ref = record_ref)",
    "transfer": "false",
    "transfer_chunk": "false",
    "transfer_download": "false",
    "audit_entry": "false",
}

_FORWARDS = """
-- Their own column alone: whom else their clients see they may read in the record, and change nothing of it. Locking a
-- row asks the same, so a rule that begins by locking finds no such appointment.
CREATE POLICY appointment_own_column ON appointment AS RESTRICTIVE FOR UPDATE TO portal_professional
    USING (practitioner_id = current_practitioner()) WITH CHECK (practitioner_id = current_practitioner());
CREATE POLICY appointment_own_column_made ON appointment AS RESTRICTIVE FOR INSERT TO portal_professional
    WITH CHECK (practitioner_id = current_practitioner());

-- Hashed, once for each statement and not before a row asks for it: as an array each row would look through all of it.
ALTER POLICY appointment_own ON appointment
    USING (practitioner_id = current_practitioner() OR client_record_id IN (SELECT unnest(own_clients())))
    WITH CHECK (client_record_id IN (SELECT unnest(own_clients())));
ALTER POLICY client_record_own ON client_record
    USING (created_by = current_by() OR id IN (SELECT unnest(own_clients())))
    WITH CHECK (created_by = current_by() OR id IN (SELECT unnest(own_clients())));
CREATE INDEX appointment_own_clients ON appointment (tenant_id, practitioner_id, client_record_id);

-- Whoever made a record that was merged into another one sees that one. Volatile, so that it is asked when a statement
-- runs and not each time that one is planned.
CREATE OR REPLACE FUNCTION own_clients() RETURNS bigint[]
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE made AS (
        SELECT id, merged_into FROM client_record
        WHERE tenant_id = current_tenant() AND created_by = current_by() AND created_by <> ''
        UNION
        SELECT kept.id, kept.merged_into FROM client_record AS kept JOIN made ON kept.id = made.merged_into
    ), theirs AS (
        SELECT client_record_id AS id FROM appointment
        WHERE tenant_id = current_tenant() AND practitioner_id = current_practitioner()
        UNION ALL
        SELECT id FROM made
    )
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT id FROM theirs
        UNION ALL
        SELECT guardian_id FROM client_record
        WHERE tenant_id = current_tenant() AND guardian_id IS NOT NULL AND id IN (SELECT id FROM theirs)
    ) AS seen;
END;

-- An offer is its client's, as an appointment is.
ALTER POLICY message_own ON message USING (
    CASE WHEN appointment_id IS NOT NULL THEN EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id)
         WHEN offer_id IS NOT NULL THEN EXISTS (SELECT FROM waiting_offer WHERE waiting_offer.id = offer_id)
         ELSE true END
);

-- A child's address follows its adult's, whoever changes it and whether they see the child or not.
ALTER FUNCTION reach_dependants() SECURITY DEFINER SET search_path = public, pg_temp;

-- How long a record is kept counts every visit, for the time of the question alone.
CREATE OR REPLACE FUNCTION last_visit(tenant bigint, record bigint) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
    asks text := current_setting('role');
    found timestamptz;
BEGIN
    IF asks = 'portal_professional' THEN
        PERFORM set_config('role', 'portal_practice', true);
    END IF;
    SELECT max(ends_at) INTO found FROM appointment
    WHERE tenant_id = tenant AND cancelled_at IS NULL AND client_record_id = ANY (ARRAY(
        SELECT id FROM client_record WHERE tenant_id = tenant AND (id = record OR guardian_id = record)
    ));
    IF asks = 'portal_professional' THEN
        PERFORM set_config('role', asks, true);
    END IF;
    RETURN found;
END
$$;
"""
FORWARDS = _FORWARDS + "".join(
    f"CREATE POLICY {table}_own ON {table} AS RESTRICTIVE TO portal_professional USING ({seen});\n"
    for table, seen in BEHIND.items()
)


def _again(text: str, begin: str, end: str) -> str:
    """A function as it was made, in place of what has become of it."""
    start = text.index(f"CREATE FUNCTION {begin}")
    made = text[start : text.index(end, start) + len(end)]
    return made.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") + "\n"


BACKWARDS = (
    "".join(f"DROP POLICY {table}_own ON {table};\n" for table in BEHIND)
    + _again(RETENTION, "last_visit", ");\n\n")
    + "ALTER FUNCTION reach_dependants() SECURITY INVOKER RESET search_path;\n"
    + _again(TEAM, "own_clients", "END;")
    + """
ALTER POLICY message_own ON message
    USING (appointment_id IS NULL OR EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id));
DROP INDEX appointment_own_clients;
ALTER POLICY client_record_own ON client_record
    USING (created_by = current_by() OR id = ANY ((SELECT own_clients())::bigint[]))
    WITH CHECK (created_by = current_by() OR id = ANY ((SELECT own_clients())::bigint[]));
DROP POLICY appointment_own ON appointment;
CREATE POLICY appointment_own ON appointment AS RESTRICTIVE TO portal_professional
    USING (client_record_id IN (SELECT unnest(own_clients())));
DROP POLICY appointment_own_column_made ON appointment;
DROP POLICY appointment_own_column ON appointment;
"""
)


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
