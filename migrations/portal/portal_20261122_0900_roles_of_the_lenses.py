from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T09:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Make the roles that the lenses use"

FORWARDS = """
-- Roles belong to the whole server, so another database may have made them already, perhaps at this very moment.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['portal_practice', 'portal_person', 'portal_worker', 'portal_app'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOINHERIT NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    PERFORM pg_advisory_xact_lock(hashtext('carnet roles'));
    ALTER ROLE portal_app LOGIN;
    GRANT portal_practice, portal_person, portal_worker TO portal_app;
    ALTER ROLE portal_app SET statement_timeout = '15s';
    ALTER ROLE portal_app SET lock_timeout = '5s';
    ALTER ROLE portal_app SET idle_in_transaction_session_timeout = '30s';
END
$$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app, portal_practice, portal_person, portal_worker;

CREATE FUNCTION current_tenant() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.tenant', true), '')::bigint;

CREATE FUNCTION current_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.person', true), '')::bigint;
"""

BACKWARDS = """
DROP FUNCTION current_person();
DROP FUNCTION current_tenant();
-- The roles stay: they belong to the server, and another database on it may use them.
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
