from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T01:05:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Know who acts at a desk, and from where"

FORWARDS = """
-- What a desk's lens says of who acts: their address, the practitioner that they are, and from where.
CREATE FUNCTION current_by() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.by', true), '');

CREATE FUNCTION current_practitioner() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.practitioner', true), '')::bigint;

-- An invitation and the letter that carries it are written in one transaction.
GRANT INSERT ON account_message TO portal_practice;
"""

BACKWARDS = """
REVOKE INSERT ON account_message FROM portal_practice;
DROP FUNCTION current_practitioner();
DROP FUNCTION current_by();
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
