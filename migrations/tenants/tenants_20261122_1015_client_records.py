from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T10:15:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep client records and memberships, joined to people by address"

FORWARDS = """
CREATE TABLE client_record (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT client_record_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    email text CHECK (length(email) <= 254),
    first_name text NOT NULL DEFAULT '' CHECK (length(first_name) <= 100),
    last_name text NOT NULL DEFAULT '' CHECK (length(last_name) <= 100),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    created_at timestamptz NOT NULL,
    CONSTRAINT client_record_email_key UNIQUE (tenant_id, email),
    CONSTRAINT client_record_tenant_key UNIQUE (tenant_id, id)
);
CREATE INDEX client_record_email ON client_record (email);

CREATE TABLE membership (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    email text NOT NULL CHECK (length(email) <= 254),
    role text NOT NULL CHECK (role IN ('admin', 'professional')),
    practitioner_id bigint,
    ended_at timestamptz,
    CONSTRAINT membership_email_key UNIQUE (tenant_id, email),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id)
);
CREATE INDEX membership_email ON membership (email);

-- The merge is these two policies: what carries one of the person's proved addresses is theirs to see.
GRANT SELECT ON client_record, membership TO portal_person;
CREATE POLICY client_record_person ON client_record FOR SELECT TO portal_person
    USING (email = ANY ((SELECT verified_emails())::text[]));
CREATE POLICY membership_person ON membership FOR SELECT TO portal_person
    USING (email = ANY ((SELECT verified_emails())::text[]) AND ended_at IS NULL);

-- What surrounds an appointment can be read wherever the person is a client. The inner select stands under the policy
-- above, and as one array it is asked for once a query.
GRANT SELECT ON place, practitioner, service TO portal_person;
CREATE POLICY place_person ON place FOR SELECT TO portal_person
    USING (tenant_id = ANY (ARRAY(SELECT tenant_id FROM client_record)));
CREATE POLICY practitioner_person ON practitioner FOR SELECT TO portal_person
    USING (tenant_id = ANY (ARRAY(SELECT tenant_id FROM client_record)));
CREATE POLICY service_person ON service FOR SELECT TO portal_person
    USING (tenant_id = ANY (ARRAY(SELECT tenant_id FROM client_record)));
"""

BACKWARDS = """
DROP POLICY service_person ON service;
DROP POLICY practitioner_person ON practitioner;
DROP POLICY place_person ON place;
REVOKE SELECT ON place, practitioner, service FROM portal_person;
DROP TABLE membership, client_record;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("client_record", "membership") + readable_by_worker("client_record"),
        backwards=BACKWARDS,
    )
