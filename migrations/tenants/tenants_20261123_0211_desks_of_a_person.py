from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T02:11:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Count the desks that somebody may go to, beside who they are"

FORWARDS = """
-- Every page of a person has a way to their desks, so this is asked with each request, beside their connection; without
-- a lens it tells a number and nothing else.
CREATE FUNCTION desks_of(who bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT count(DISTINCT tenant_id) FROM address JOIN membership USING (email)
    WHERE person_id = who AND ended_at IS NULL;
END;
REVOKE EXECUTE ON FUNCTION desks_of(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION desks_of(bigint) TO portal_app;
"""

BACKWARDS = "DROP FUNCTION desks_of(bigint);"


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
