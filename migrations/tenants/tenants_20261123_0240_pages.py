from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T02:40:00:000001"
VERSION = "1.38.0"
DESCRIPTION = (
    "Hang a practice's words outside in each language, tell which addresses are taken, and mind a change of zone"
)

FORWARDS = """
-- Like the sign itself, what it says in other languages is for all to read.
GRANT SELECT ON practice_text TO portal_app;
CREATE POLICY practice_text_sign ON practice_text FOR SELECT TO portal_app USING (true);

-- No lens sees another practice, so whether an address is taken is asked here. Its own former ones are free to it.
CREATE FUNCTION slugs_taken(wanted text[], besides bigint) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT slug FROM practice WHERE slug = ANY (wanted) AND id IS DISTINCT FROM besides
    UNION
    SELECT slug FROM former_slug WHERE slug = ANY (wanted) AND tenant_id IS DISTINCT FROM besides;
END;
REVOKE EXECUTE ON FUNCTION slugs_taken FROM PUBLIC;
GRANT EXECUTE ON FUNCTION slugs_taken TO portal_app, portal_practice;

-- In another zone quiet hours lie elsewhere, which may put behind us a moment that was to come: the worker looks at the
-- last day once more.
CREATE FUNCTION look_again_in_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE reminder_look SET looked_until = looked_until - '25 hours'::interval;
    RETURN NULL;
END
$$;
CREATE TRIGGER practice_changes_zone AFTER UPDATE OF zone ON practice
    FOR EACH ROW WHEN (OLD.zone <> NEW.zone) EXECUTE FUNCTION look_again_in_zone();
"""

BACKWARDS = """
DROP TRIGGER practice_changes_zone ON practice;
DROP FUNCTION look_again_in_zone();
DROP FUNCTION slugs_taken;
DROP POLICY practice_text_sign ON practice_text;
REVOKE SELECT ON practice_text FROM portal_app;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
