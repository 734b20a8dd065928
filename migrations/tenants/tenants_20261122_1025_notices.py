from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T10:25:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep what is owed to clients to say, once each"

FORWARDS = """
CREATE TABLE notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    appointment_id bigint NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('booked', 'moved', 'cancelled')),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    created_at timestamptz NOT NULL,
    claimed_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    sent_at timestamptz,
    failed_at timestamptz,
    failure text NOT NULL DEFAULT '',
    skipped_at timestamptz,
    skip_reason text NOT NULL DEFAULT '',
    provider_id text NOT NULL DEFAULT '',
    CONSTRAINT notice_once UNIQUE (appointment_id, sequence, kind, channel),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointment (tenant_id, id)
);
CREATE INDEX notice_waiting ON notice (next_attempt_at)
    WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL;

GRANT SELECT, UPDATE ON notice TO portal_worker;
CREATE POLICY notice_worker ON notice TO portal_worker USING (true) WITH CHECK (true);
"""

BACKWARDS = """DROP TABLE notice;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows("notice"), backwards=BACKWARDS)
