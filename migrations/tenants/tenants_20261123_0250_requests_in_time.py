from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T02:50:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Find a practice's requests by index, and let none wait for its answer beyond its own start"

FORWARDS = """
CREATE INDEX appointment_requests ON appointment (tenant_id, pending, approve_by) WHERE approve_by IS NOT NULL;

-- However it came to its time: a request that is moved forward has to be answered before it begins.
CREATE FUNCTION answer_before_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.approve_by := NEW.starts_at;
    RETURN NEW;
END
$$;
CREATE TRIGGER appointment_answered_in_time BEFORE INSERT OR UPDATE OF starts_at, approve_by ON appointment
    FOR EACH ROW WHEN (NEW.approve_by > NEW.starts_at AND NEW.accepted_at IS NULL)
    EXECUTE FUNCTION answer_before_start();
"""

BACKWARDS = """
DROP TRIGGER appointment_answered_in_time ON appointment;
DROP FUNCTION answer_before_start();
DROP INDEX appointment_requests;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
