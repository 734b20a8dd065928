from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T09:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep what the demo's mail room let leave"

FORWARDS = """
CREATE TABLE outbox_mail (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT outbox_mail_ref_key UNIQUE,
    created_at timestamptz NOT NULL,
    message_id text NOT NULL,
    to_email text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL,
    attachments jsonb NOT NULL
);
CREATE INDEX outbox_mail_age ON outbox_mail (created_at);

GRANT SELECT, INSERT, DELETE ON outbox_mail TO portal_app;
"""

BACKWARDS = """
DROP TABLE outbox_mail;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
