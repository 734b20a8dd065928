from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import hangs_from_record, practice_rows, statements

ID = "2026-11-22T18:50:00:000001"
VERSION = "1.38.0"
DESCRIPTION = (
    "Keep imports and exports of client records, their files, who took them away, and numbers of other programs"
)

FORWARDS = """
-- `asked_for` is what the worker is to do next, or '' when nothing; the times say what has become of it.
CREATE TABLE transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT transfer_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    kind text NOT NULL CHECK (kind IN ('import', 'export')),
    form text NOT NULL CHECK (form IN ('csv', 'json', 'vcard')),
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    file_name text NOT NULL DEFAULT '' CHECK (length(file_name) <= 200),
    settings jsonb NOT NULL DEFAULT '{}',
    counts jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL,
    asked_for text NOT NULL DEFAULT '' CHECK (asked_for IN ('', 'check', 'apply', 'export')),
    asked_at timestamptz,
    claimed_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    checked_at timestamptz,
    finished_at timestamptz,
    failed_at timestamptz,
    failure text NOT NULL DEFAULT '',
    cancelled_at timestamptz,
    emptied_at timestamptz,
    CHECK ((asked_for = '') = (asked_at IS NULL)),
    CONSTRAINT transfer_tenant_key UNIQUE (tenant_id, id)
);
CREATE INDEX transfer_waiting ON transfer (asked_at) WHERE asked_for <> '';
CREATE INDEX transfer_log ON transfer (tenant_id, created_at);

-- Files in pieces, so that nobody holds a large one in one value.
CREATE TABLE transfer_chunk (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    part text NOT NULL CHECK (part IN ('upload', 'refused', 'result')),
    number integer NOT NULL CHECK (number >= 0),
    bytes bytea NOT NULL CHECK (length(bytes) <= 1048576),
    CONSTRAINT transfer_chunk_key UNIQUE (transfer_id, part, number),
    FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX transfer_chunk_of ON transfer_chunk (tenant_id, transfer_id);

CREATE TABLE transfer_download (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    transfer_id bigint NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    FOREIGN KEY (tenant_id, transfer_id) REFERENCES transfer (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX transfer_download_of ON transfer_download (tenant_id, transfer_id);

-- What another program calls a client, so that its next file finds the same record.
CREATE TABLE client_number (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    number text NOT NULL CHECK (length(number) BETWEEN 1 AND 200),
    CONSTRAINT client_number_key UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_number_of ON client_number (tenant_id, client_record_id);

-- The worker finds what is asked for over all practices; what a file holds, only the practice's own lens shows.
GRANT SELECT, UPDATE, DELETE ON transfer TO portal_worker;
CREATE POLICY transfer_worker ON transfer TO portal_worker USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, transfer_id), DELETE ON transfer_chunk TO portal_worker;
CREATE POLICY transfer_chunk_worker ON transfer_chunk TO portal_worker USING (true);
"""

BACKWARDS = """DROP TABLE client_number, transfer_download, transfer_chunk, transfer;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS
        + practice_rows("transfer", "transfer_chunk", "transfer_download", "client_number")
        + hangs_from_record("client_number"),
        backwards=BACKWARDS,
    )
