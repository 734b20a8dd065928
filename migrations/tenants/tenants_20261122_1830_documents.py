from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T18:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep documents of clients, and show them those that are shared"

FORWARDS = """
CREATE TABLE client_document (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT client_document_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 150),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    kind text NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg', 'webp', 'heic', 'text', 'docx', 'odt', 'xlsx', 'ods')),
    size integer NOT NULL CHECK (size BETWEEN 1 AND 10485760),
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text NOT NULL CHECK (length(created_by) <= 254),
    shared_at timestamptz,
    shared_by text NOT NULL DEFAULT '' CHECK (length(shared_by) <= 254),
    opened_at timestamptz,
    removed_at timestamptz,
    removed_by text NOT NULL DEFAULT '' CHECK (length(removed_by) <= 254),
    CONSTRAINT client_document_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_document_record ON client_document (client_record_id, created_at);
CREATE INDEX client_document_removed ON client_document (removed_at) WHERE removed_at IS NOT NULL;

-- Apart from what is listed, so that no list ever reads them; not compressed, since almost every kind is already.
CREATE TABLE document_content (
    id bigint PRIMARY KEY,
    tenant_id bigint NOT NULL,
    content bytea NOT NULL,
    FOREIGN KEY (tenant_id, id) REFERENCES client_document (tenant_id, id) ON DELETE CASCADE
);
ALTER TABLE document_content ALTER COLUMN content SET STORAGE EXTERNAL;

-- Who of the practice did what is not the client's to read.
GRANT SELECT (id, ref, tenant_id, client_record_id, name, note, kind, size, sha256, shared_at, opened_at, removed_at)
    ON client_document TO portal_person;
CREATE POLICY client_document_person ON client_document FOR SELECT TO portal_person
    USING (shared_at IS NOT NULL AND removed_at IS NULL
           AND client_record_id = ANY (ARRAY(SELECT id FROM client_record)));
GRANT SELECT ON document_content TO portal_person;
CREATE POLICY document_content_person ON document_content FOR SELECT TO portal_person
    USING (id = ANY (ARRAY(SELECT id FROM client_document)));

-- The worker forgets what was removed, and reads nothing of it.
GRANT SELECT (removed_at), DELETE ON client_document TO portal_worker;
CREATE POLICY client_document_worker ON client_document TO portal_worker USING (removed_at IS NOT NULL);
"""

BACKWARDS = """DROP TABLE document_content, client_document;
"""


async def forwards() -> MigrationManager:
    owned = ("client_document", "document_content")
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows(*owned), backwards=BACKWARDS)
