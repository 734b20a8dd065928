from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T18:32:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep how long a practice keeps its records, and that a record was erased"

FORWARDS = """
CREATE TABLE retention_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL CONSTRAINT retention_rule_tenant_key UNIQUE REFERENCES practice (id),
    keep_months smallint NOT NULL CHECK (keep_months BETWEEN 1 AND 600),
    erases boolean NOT NULL DEFAULT false
);

-- What somebody of the practice has decided for one record, whatever the rule says.
CREATE TABLE retention_choice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    choice text NOT NULL CHECK (choice IN ('erase', 'keep')),
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    at timestamptz NOT NULL,
    CONSTRAINT retention_choice_record_key UNIQUE (tenant_id, client_record_id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);

-- Without a name: only who did it (nobody, when the rule did), when, and which.
CREATE TABLE erasure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    record_ref text NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL DEFAULT '' CHECK (length(by_email) <= 254),
    appointments integer NOT NULL,
    CONSTRAINT erasure_record_key UNIQUE (tenant_id, record_ref)
);

-- The net under the statements that erase: nothing of the client comes back into such a record, by whatever way.
ALTER TABLE client_record ADD CONSTRAINT client_record_erased_is_empty CHECK (erased_at IS NULL OR (
    email IS NULL AND first_name = '' AND last_name = '' AND phone = '' AND home_phone = '' AND btrim(search, E' \\n') = ''
    AND own_first_name IS NULL AND own_last_name IS NULL AND own_phone IS NULL AND own_home_phone IS NULL
    AND birthday IS NULL AND language = '' AND tags = '{}' AND guardian_id IS NULL AND erase_at IS NULL
));

-- The end of the last appointment of a client, or of those whose adult they are: without the adult nobody is written to.
CREATE FUNCTION last_visit(tenant bigint, record bigint) RETURNS timestamptz LANGUAGE sql STABLE
    RETURN (
        SELECT max(ends_at) FROM appointment
        WHERE tenant_id = tenant AND cancelled_at IS NULL AND client_record_id = ANY (ARRAY(
            SELECT id FROM client_record WHERE tenant_id = tenant AND (id = record OR guardian_id = record)
        ))
    );

-- The beginning of the first day on which nothing holds a record back any more, at the practice.
CREATE FUNCTION erasable_from(since timestamptz, months integer, zone text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (((since AT TIME ZONE zone)::date + make_interval(months => months))::date + 1)::timestamp
           AT TIME ZONE zone;
"""

BACKWARDS = """
DROP FUNCTION erasable_from;
DROP FUNCTION last_visit;
ALTER TABLE client_record DROP CONSTRAINT client_record_erased_is_empty;
DROP TABLE erasure, retention_choice, retention_rule;
"""


async def forwards() -> MigrationManager:
    owned = ("retention_rule", "retention_choice", "erasure")
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows(*owned) + readable_by_worker("retention_rule"),
        backwards=BACKWARDS,
    )
