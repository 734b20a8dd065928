from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T13:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Answer what is taken in one round trip"

FORWARDS = """
-- The lens of one practice and its most frequent question in one: role and tenant are set here, so that nothing has to
-- be said before and after it. A row for each practitioner who has anything, or one without; all of one moment, with
-- the plan's number as it stood then.
CREATE FUNCTION taken_times(
    tenant bigint, who bigint[], since timestamptz, before timestamptz, besides_appointment bigint,
    unexpired_at timestamptz, besides_hold bigint
) RETURNS TABLE (plan_version bigint, practitioner bigint, taken_from bigint[], taken_until bigint[], starts bigint[])
LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM set_config('role', 'portal_practice', true), set_config('app.tenant', tenant::text, true);
    RETURN QUERY
        SELECT practice.plan_version, taken.*
        FROM practice LEFT JOIN (
            SELECT practitioner_id,
                   array_agg(date_part('epoch', blocked_from)::bigint),
                   array_agg(date_part('epoch', blocked_until)::bigint),
                   array_agg(date_part('epoch', appointed)::bigint) FILTER (WHERE appointed IS NOT NULL)
            FROM (
                SELECT practitioner_id, blocked_from, blocked_until, starts_at AS appointed
                FROM appointment
                WHERE tenant_id = tenant AND practitioner_id = ANY (who) AND starts_at >= since AND starts_at < before
                      AND cancelled_at IS NULL AND id <> besides_appointment
                UNION ALL
                SELECT practitioner_id, blocked_from, blocked_until, NULL
                FROM hold
                WHERE tenant_id = tenant AND practitioner_id = ANY (who) AND starts_at >= since AND starts_at < before
                      AND released_at IS NULL AND expires_at > unexpired_at AND id <> besides_hold
            ) AS each_taken
            GROUP BY practitioner_id
        ) AS taken ON true
        WHERE practice.id = tenant;
END
$$;
"""

BACKWARDS = """DROP FUNCTION taken_times;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
