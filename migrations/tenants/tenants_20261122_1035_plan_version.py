from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T10:35:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Number the practice's plan, so that a process knows when what it remembers is old"

FORWARDS = """
-- Counted up to the present microsecond: a number that was rolled back is not given to the next change, since a process
-- may have remembered what it saw under it.
CREATE FUNCTION next_plan_version(bigint) RETURNS bigint LANGUAGE sql VOLATILE
    RETURN greatest($1 + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

-- With its owner's rights, since no lens may choose the number itself.
CREATE FUNCTION raise_plan_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE practice SET plan_version = next_plan_version(plan_version) WHERE id = coalesce(NEW.tenant_id, OLD.tenant_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER place_changes_plan AFTER INSERT OR UPDATE OR DELETE ON place
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER practitioner_changes_plan AFTER INSERT OR UPDATE OR DELETE ON practitioner
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER service_changes_plan AFTER INSERT OR UPDATE OR DELETE ON service
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER service_practitioner_changes_plan AFTER INSERT OR UPDATE OR DELETE ON service_practitioner
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER service_place_changes_plan AFTER INSERT OR UPDATE OR DELETE ON service_place
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER opening_hours_changes_plan AFTER INSERT OR UPDATE OR DELETE ON opening_hours
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER dated_opening_changes_plan AFTER INSERT OR UPDATE OR DELETE ON dated_opening
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER closure_changes_plan AFTER INSERT OR UPDATE OR DELETE ON closure
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();
CREATE TRIGGER booking_policy_changes_plan AFTER INSERT OR UPDATE OR DELETE ON booking_policy
    FOR EACH ROW EXECUTE FUNCTION raise_plan_version();

-- A practice's own zone and currency are part of its plan too.
CREATE FUNCTION raise_own_plan_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.plan_version := next_plan_version(OLD.plan_version);
    RETURN NEW;
END
$$;
CREATE TRIGGER practice_changes_plan BEFORE UPDATE ON practice
    FOR EACH ROW EXECUTE FUNCTION raise_own_plan_version();
"""

BACKWARDS = """DROP TRIGGER place_changes_plan ON place;
DROP TRIGGER practitioner_changes_plan ON practitioner;
DROP TRIGGER service_changes_plan ON service;
DROP TRIGGER service_practitioner_changes_plan ON service_practitioner;
DROP TRIGGER service_place_changes_plan ON service_place;
DROP TRIGGER opening_hours_changes_plan ON opening_hours;
DROP TRIGGER dated_opening_changes_plan ON dated_opening;
DROP TRIGGER closure_changes_plan ON closure;
DROP TRIGGER booking_policy_changes_plan ON booking_policy;
DROP TRIGGER practice_changes_plan ON practice;
DROP FUNCTION raise_own_plan_version();
DROP FUNCTION raise_plan_version();
DROP FUNCTION next_plan_version(bigint);
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
