from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T15:40:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "Keep beside a record what its client says of themselves, and who changed what"

FORWARDS = """
ALTER TABLE client_record
    ADD COLUMN home_phone text NOT NULL DEFAULT '' CHECK (length(home_phone) <= 40),
    ADD COLUMN held text[] NOT NULL DEFAULT '{}',
    ADD COLUMN own_first_name text CHECK (length(own_first_name) <= 100),
    ADD COLUMN own_last_name text CHECK (length(own_last_name) <= 100),
    ADD COLUMN own_phone text CHECK (length(own_phone) <= 40),
    ADD COLUMN own_home_phone text CHECK (length(own_home_phone) <= 40),
    ADD COLUMN own_said_at timestamptz;

CREATE TABLE client_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    client_record_id bigint NOT NULL,
    at timestamptz NOT NULL,
    how text NOT NULL CHECK (how IN ('offered', 'kept_aside', 'held', 'restored')),
    by_email text NOT NULL DEFAULT '' CHECK (length(by_email) <= 254),
    field text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_change_record ON client_change (tenant_id, client_record_id, at);
"""

BACKWARDS = """
DROP TABLE client_change;
ALTER TABLE client_record
    DROP COLUMN own_said_at, DROP COLUMN own_home_phone, DROP COLUMN own_phone, DROP COLUMN own_last_name,
    DROP COLUMN own_first_name, DROP COLUMN held, DROP COLUMN home_phone;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows("client_change"), backwards=BACKWARDS
    )
