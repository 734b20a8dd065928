from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T01:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Make the roles of who sees their own clients alone, and of who keeps the practices"

FORWARDS = """
-- Who sees their own clients alone has all rights of the practice's lens, less what restrictive policies take away: these
-- are joined by AND, so no list is scanned for them.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['portal_professional INHERIT', 'portal_operator NOINHERIT'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %s NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    PERFORM pg_advisory_xact_lock(hashtext('carnet roles'));
    GRANT portal_practice TO portal_professional;
    GRANT portal_professional, portal_operator TO portal_app;
END
$$;
GRANT USAGE ON SCHEMA public TO portal_professional, portal_operator;
"""

BACKWARDS = """
REVOKE USAGE ON SCHEMA public FROM portal_professional, portal_operator;
-- The roles stay: they belong to the server, and another database on it may use them.
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
