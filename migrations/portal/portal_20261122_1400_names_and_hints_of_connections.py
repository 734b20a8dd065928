from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T14:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let people name their connections, keep what browsers tell of themselves, find the old ones"

FORWARDS = """
ALTER TABLE connection
    ADD COLUMN name text NOT NULL DEFAULT '' CONSTRAINT connection_name_check CHECK (length(name) <= 60),
    ADD COLUMN hints jsonb NOT NULL DEFAULT '{}';

-- For the worker, which forgets old connections. Not on last_seen_at: writing an activity would write the index too.
CREATE INDEX connection_age ON connection (created_at);
CREATE INDEX connection_ended ON connection (ended_at) WHERE ended_at IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX connection_ended, connection_age;
ALTER TABLE connection DROP COLUMN hints, DROP COLUMN name;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
