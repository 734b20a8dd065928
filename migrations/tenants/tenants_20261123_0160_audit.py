from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements, told_in_audit

ID = "2026-11-23T02:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Write down who did what at a desk, where nobody can rewrite it"

FORWARDS = """
-- What a desk's lens changes is written down by the database itself, in the same transaction: nothing can be done and not
-- told, and no lens may write, change or remove a line. Of what is about a client it names the fields alone, so that
-- nothing personal outlives the record.
CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    at timestamptz NOT NULL,
    by_email text NOT NULL,
    ip text NOT NULL,
    browser text NOT NULL,
    what text NOT NULL,
    did text NOT NULL CHECK (did IN ('added', 'changed', 'removed')),
    subject_id bigint NOT NULL,
    subject_ref text,
    subject text NOT NULL DEFAULT '',
    record_id bigint,
    fields text[] NOT NULL DEFAULT '{}',
    before jsonb,
    after jsonb
);
CREATE INDEX audit_entry_at ON audit_entry (tenant_id, at);
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON audit_entry TO portal_practice;
CREATE POLICY audit_entry_practice ON audit_entry FOR SELECT TO portal_practice USING (tenant_id = current_tenant());

CREATE FUNCTION tell_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    unsaid text[] := '{id,tenant_id,ref,key,plan_version,search,filed_as,reach_email,sequence,booking_key,pending}';
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    subject_row jsonb := coalesce(new_row, old_row);
    tenant bigint := CASE WHEN TG_TABLE_NAME = 'practice' THEN subject_row ->> 'id' ELSE subject_row ->> 'tenant_id' END;
    told text[] := '{}';
    with_values boolean := TG_ARGV[0] = 'values';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        told := ARRAY(SELECT key FROM jsonb_each(new_row)
                      WHERE value IS DISTINCT FROM old_row -> key AND key <> ALL (unsaid) ORDER BY key);
        IF told = '{}' THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO audit_entry (tenant_id, at, by_email, ip, browser, what, did, subject_id, subject_ref, subject, record_id,
                             fields, before, after)
    VALUES (
        tenant,
        coalesce(nullif(current_setting('app.at', true), '')::timestamptz, clock_timestamp()),
        current_by(),
        coalesce(current_setting('app.ip', true), ''),
        coalesce(current_setting('app.browser', true), ''),
        TG_TABLE_NAME,
        CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
        (subject_row ->> 'id')::bigint,
        subject_row ->> 'ref',
        CASE WHEN with_values THEN coalesce(subject_row ->> 'name', subject_row ->> 'email', '') ELSE '' END,
        CASE WHEN TG_TABLE_NAME = 'client_record' THEN subject_row ->> 'id'
             ELSE subject_row ->> 'client_record_id' END::bigint,
        told,
        CASE WHEN with_values AND TG_OP <> 'INSERT' THEN
            (SELECT jsonb_object_agg(key, value) FROM jsonb_each(old_row)
             WHERE key <> ALL (unsaid) AND (TG_OP = 'DELETE' OR key = ANY (told))) END,
        CASE WHEN with_values AND TG_OP <> 'DELETE' THEN
            (SELECT jsonb_object_agg(key, value) FROM jsonb_each(new_row)
             WHERE key <> ALL (unsaid) AND (TG_OP = 'INSERT' OR key = ANY (told))) END
    );
    RETURN NULL;
END
$$;
"""

SETTINGS = (
    "practice",
    "practice_text",
    "place",
    "practitioner",
    "service",
    "service_text",
    "service_practitioner",
    "service_place",
    "service_need",
    "resource_kind",
    "resource",
    "opening_hours",
    "dated_opening",
    "closure",
    "booking_policy",
    "message_policy",
    "message_text",
    "reminder_rule",
    "consent_wording",
    "consent_text",
    "retention_rule",
    "membership",
    "invitation",
)
CLIENTS = (
    "appointment",
    "booking_override",
    "client_record",
    "client_note",
    "client_document",
    "client_merge",
    "consent",
    "erasure",
    "retention_choice",
    "transfer",
    "transfer_download",
    "waiting_wish",
    "waiting_offer",
)

BACKWARDS = (
    "".join(f"DROP TRIGGER {table}_audited ON {table};" for table in SETTINGS + CLIENTS)
    + """
DROP FUNCTION tell_audit();
DROP TABLE audit_entry;
"""
)


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + told_in_audit(*SETTINGS) + told_in_audit(*CLIENTS, values=False),
        backwards=BACKWARDS,
    )
