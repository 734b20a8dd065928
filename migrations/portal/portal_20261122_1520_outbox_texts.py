from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep what the demo's room for text messages let leave"

FORWARDS = """
CREATE TABLE outbox_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at timestamptz NOT NULL,
    to_number text NOT NULL,
    body text NOT NULL
);
CREATE INDEX outbox_text_age ON outbox_text (created_at);

GRANT SELECT, INSERT, DELETE ON outbox_text TO portal_app;
"""

BACKWARDS = """
DROP TABLE outbox_text;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
