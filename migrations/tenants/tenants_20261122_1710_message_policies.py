from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T17:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = (
    "Keep how a practice writes to its clients: quiet hours, SMS and their budget, its own texts, what clients answer"
)

FORWARDS = """
CREATE TABLE message_policy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL CONSTRAINT message_policy_tenant_key UNIQUE REFERENCES practice (id),
    quiet_from smallint NOT NULL DEFAULT 1260 CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until smallint NOT NULL DEFAULT 480 CHECK (quiet_until BETWEEN 0 AND 1439),
    sms_on boolean NOT NULL DEFAULT false,
    sms_budget integer NOT NULL DEFAULT 500 CHECK (sms_budget BETWEEN 0 AND 1000000),
    sms_folds boolean NOT NULL DEFAULT false,
    sms_names_service boolean NOT NULL DEFAULT false,
    notices_off text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE message_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    kind text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    language text NOT NULL,
    subject text NOT NULL DEFAULT '' CHECK (length(subject) <= 200),
    body text NOT NULL CHECK (length(body) <= 2000),
    CONSTRAINT message_text_key UNIQUE (tenant_id, kind, channel, language)
);

-- Parts of SMS that left in a calendar month of the practice's zone; reserved before each leaves.
CREATE TABLE sms_spend (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    month date NOT NULL,
    parts integer NOT NULL DEFAULT 0 CHECK (parts >= 0),
    CONSTRAINT sms_spend_month_key UNIQUE (tenant_id, month)
);

CREATE TABLE client_reply (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL DEFAULT random_signs('abcdefghijklmnopqrstuvwxyz234567', 10) CONSTRAINT client_reply_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    appointment_id bigint,
    at timestamptz NOT NULL,
    body text NOT NULL CHECK (length(body) <= 1600),
    seen_at timestamptz,
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointment (tenant_id, id)
);
CREATE INDEX client_reply_log ON client_reply (tenant_id, at);

ALTER TABLE client_record
    ADD COLUMN sms_off_at timestamptz,
    ADD COLUMN sms_off_by text CHECK (sms_off_by IN ('client', 'staff')),
    ADD COLUMN reminders_off_at timestamptz,
    ADD CHECK ((sms_off_at IS NULL) = (sms_off_by IS NULL));
CREATE INDEX client_record_phone ON client_record (phone) WHERE phone <> '';

GRANT INSERT, UPDATE ON sms_spend TO portal_worker;
CREATE POLICY sms_spend_worker_writes ON sms_spend TO portal_worker USING (true) WITH CHECK (true);
GRANT INSERT ON client_reply TO portal_worker;
CREATE POLICY client_reply_worker ON client_reply FOR INSERT TO portal_worker WITH CHECK (true);

-- Whoever holds a message's link may see what it is about. The practice's lens, opened for it, shows the rest.
CREATE FUNCTION behind_link(shown text) RETURNS TABLE (slug text, message_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT practice.slug, message.id FROM message JOIN practice ON practice.id = message.tenant_id
    WHERE message.link = shown;
END;
REVOKE EXECUTE ON FUNCTION behind_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION behind_link(text) TO portal_app;
"""

BACKWARDS = """
DROP FUNCTION behind_link(text);
DROP INDEX client_record_phone;
ALTER TABLE client_record DROP COLUMN reminders_off_at, DROP COLUMN sms_off_by, DROP COLUMN sms_off_at;
DROP TABLE client_reply, sms_spend, message_text, message_policy;
"""


async def forwards() -> MigrationManager:
    owned = ("message_policy", "message_text", "sms_spend", "client_reply")
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows(*owned) + readable_by_worker("message_policy", "message_text", "sms_spend"),
        backwards=BACKWARDS,
    )
