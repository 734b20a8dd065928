from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T17:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep reminders beside notices, and of each message what it told whom and what became of it"

FORWARDS = """
-- Names that nobody can guess, from a random UUID's 60 bits that carry no version.
CREATE FUNCTION random_signs(alphabet text, signs integer) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    digits text := replace(gen_random_uuid()::text, '-', '');
    rest bigint := ('x0' || left(digits, 12) || substr(digits, 14, 3))::bit(64)::bigint;
    said text := '';
BEGIN
    FOR _ IN 1..signs LOOP
        said := said || substr(alphabet, (rest % length(alphabet))::integer + 1, 1);
        rest := rest / length(alphabet);
    END LOOP;
    RETURN said;
END
$$;

ALTER TABLE membership
    ADD COLUMN tell text NOT NULL DEFAULT 'others' CHECK (tell IN ('all', 'others', 'soon', 'none')),
    ADD CONSTRAINT membership_tenant_key UNIQUE (tenant_id, id);

ALTER TABLE appointment
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN confirmed_by text CHECK (confirmed_by IN ('client', 'staff')),
    ADD COLUMN booked_from text NOT NULL DEFAULT '',
    ADD CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL));
CREATE INDEX appointment_coming ON appointment (starts_at) WHERE cancelled_at IS NULL;

CREATE TABLE reminder_rule (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL DEFAULT random_signs('abcdefghijklmnopqrstuvwxyz234567', 10) CONSTRAINT reminder_rule_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    channel text NOT NULL CHECK (channel IN ('email', 'sms')),
    minutes_ahead integer NOT NULL CHECK (minutes_ahead BETWEEN 5 AND 86400),
    condition text NOT NULL CHECK (condition IN ('always', 'unconfirmed', 'no_email', 'unconfirmed_or_no_email')),
    late_minutes_left integer CHECK (late_minutes_left BETWEEN 15 AND 86400),
    off_services bigint[] NOT NULL DEFAULT '{}',
    off_practitioners bigint[] NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT reminder_rule_tenant_key UNIQUE (tenant_id, id)
);
CREATE INDEX reminder_rule_ahead ON reminder_rule (minutes_ahead, tenant_id) WHERE ended_at IS NULL;

-- What a new practice has: an e-mail two days before, and an SMS on the day before to whoever has not answered it.
CREATE FUNCTION add_first_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reminder_rule (tenant_id, channel, minutes_ahead, condition, since)
    VALUES (NEW.id, 'email', 2880, 'always', NEW.created_at),
           (NEW.id, 'sms', 1440, 'unconfirmed_or_no_email', NEW.created_at);
    RETURN NULL;
END
$$;
CREATE TRIGGER practice_first_rules AFTER INSERT ON practice FOR EACH ROW EXECUTE FUNCTION add_first_rules();
INSERT INTO reminder_rule (tenant_id, channel, minutes_ahead, condition, since)
SELECT id, 'email', 2880, 'always', now() FROM practice
UNION ALL
SELECT id, 'sms', 1440, 'unconfirmed_or_no_email', now() FROM practice;

ALTER TABLE notice RENAME TO message;
ALTER TABLE message RENAME CONSTRAINT notice_pkey TO message_pkey;
ALTER TABLE message RENAME CONSTRAINT notice_channel_check TO message_channel_check;
ALTER TABLE message RENAME CONSTRAINT notice_tenant_id_appointment_id_fkey TO message_tenant_id_appointment_id_fkey;
ALTER SEQUENCE notice_id_seq RENAME TO message_id_seq;
ALTER POLICY notice_practice ON message RENAME TO message_practice;
ALTER POLICY notice_worker ON message RENAME TO message_worker;
DROP INDEX notice_waiting;
ALTER TABLE message
    DROP CONSTRAINT notice_once,
    DROP CONSTRAINT notice_kind_check,
    ALTER COLUMN appointment_id DROP NOT NULL,
    ADD COLUMN ref text NOT NULL DEFAULT random_signs('abcdefghijklmnopqrstuvwxyz234567', 10)
        CONSTRAINT message_ref_key UNIQUE,
    ADD COLUMN audience text NOT NULL DEFAULT 'client' CHECK (audience IN ('client', 'practitioner', 'admin')),
    ADD COLUMN membership_id bigint,
    ADD COLUMN rule_id bigint,
    ADD COLUMN copy smallint NOT NULL DEFAULT 0,
    ADD COLUMN starts_at timestamptz,
    ADD COLUMN practitioner_id bigint,
    ADD COLUMN place_id bigint,
    ADD COLUMN by_email text NOT NULL DEFAULT '' CHECK (length(by_email) <= 254),
    ADD COLUMN told_with bigint,
    ADD COLUMN link text,
    ADD COLUMN sent_to text NOT NULL DEFAULT '',
    ADD COLUMN said text NOT NULL DEFAULT '',
    ADD COLUMN parts smallint NOT NULL DEFAULT 0,
    ADD COLUMN instead_of text NOT NULL DEFAULT '',
    ADD COLUMN provider_state text NOT NULL DEFAULT '',
    ADD COLUMN delivered_at timestamptz,
    ADD CONSTRAINT message_kind_check CHECK
        (kind IN ('booked', 'moved', 'cancelled', 'asked', 'reminder', 'budget_low', 'budget_spent')),
    ADD CHECK ((kind IN ('budget_low', 'budget_spent')) = (appointment_id IS NULL)),
    ADD CHECK ((kind = 'reminder') = (rule_id IS NOT NULL)),
    ADD CHECK ((audience = 'client') = (membership_id IS NULL)),
    ADD CONSTRAINT message_tenant_key UNIQUE (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, membership_id) REFERENCES membership (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, rule_id) REFERENCES reminder_rule (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, told_with) REFERENCES message (tenant_id, id);

-- One message for each change, and one for each rule and start: a second copy is impossible unless asked for by hand.
CREATE UNIQUE INDEX message_once ON message (
    appointment_id, kind, sequence, coalesce(rule_id, 0), coalesce(starts_at, '-infinity'), coalesce(membership_id, 0),
    copy
);
CREATE INDEX message_waiting ON message ((kind = 'reminder'), next_attempt_at)
    WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL AND told_with IS NULL;
CREATE UNIQUE INDEX message_link ON message (link) WHERE link IS NOT NULL;
CREATE INDEX message_told_with ON message (told_with) WHERE told_with IS NOT NULL;
CREATE INDEX message_log ON message (tenant_id, created_at);

-- What a client was told is theirs to read.
GRANT SELECT ON message TO portal_person;
CREATE POLICY message_person ON message FOR SELECT TO portal_person
    USING (audience = 'client' AND appointment_id = ANY (ARRAY(SELECT id FROM appointment)));

GRANT INSERT ON message TO portal_worker;
GRANT UPDATE (confirmed_at, confirmed_by) ON appointment TO portal_worker;
CREATE POLICY appointment_worker_confirms ON appointment FOR UPDATE TO portal_worker USING (true) WITH CHECK (true);
"""

BACKWARDS = """
DROP POLICY appointment_worker_confirms ON appointment;
REVOKE UPDATE (confirmed_at, confirmed_by) ON appointment FROM portal_worker;
DROP POLICY message_person ON message;
REVOKE SELECT ON message FROM portal_person;
REVOKE INSERT ON message FROM portal_worker;
DELETE FROM message WHERE kind NOT IN ('booked', 'moved', 'cancelled') OR audience <> 'client' OR copy > 0;
DROP INDEX message_once, message_link, message_waiting, message_told_with, message_log;
ALTER TABLE message
    DROP CONSTRAINT message_kind_check,
    DROP CONSTRAINT message_check,
    DROP CONSTRAINT message_check1,
    DROP CONSTRAINT message_check2,
    DROP COLUMN ref, DROP COLUMN audience, DROP COLUMN membership_id, DROP COLUMN rule_id, DROP COLUMN copy,
    DROP COLUMN starts_at, DROP COLUMN practitioner_id, DROP COLUMN place_id, DROP COLUMN by_email,
    DROP COLUMN told_with, DROP COLUMN link, DROP COLUMN sent_to, DROP COLUMN said, DROP COLUMN parts,
    DROP COLUMN instead_of, DROP COLUMN provider_state, DROP COLUMN delivered_at,
    DROP CONSTRAINT message_tenant_key,
    ALTER COLUMN appointment_id SET NOT NULL,
    ADD CONSTRAINT notice_kind_check CHECK (kind IN ('booked', 'moved', 'cancelled')),
    ADD CONSTRAINT notice_once UNIQUE (appointment_id, sequence, kind, channel);
ALTER POLICY message_worker ON message RENAME TO notice_worker;
ALTER POLICY message_practice ON message RENAME TO notice_practice;
ALTER SEQUENCE message_id_seq RENAME TO notice_id_seq;
ALTER TABLE message RENAME CONSTRAINT message_tenant_id_appointment_id_fkey TO notice_tenant_id_appointment_id_fkey;
ALTER TABLE message RENAME CONSTRAINT message_channel_check TO notice_channel_check;
ALTER TABLE message RENAME CONSTRAINT message_pkey TO notice_pkey;
ALTER TABLE message RENAME TO notice;
CREATE INDEX notice_waiting ON notice (next_attempt_at)
    WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL;
DROP TRIGGER practice_first_rules ON practice;
DROP FUNCTION add_first_rules();
DROP TABLE reminder_rule;
DROP INDEX appointment_coming;
ALTER TABLE appointment DROP COLUMN booked_from, DROP COLUMN confirmed_by, DROP COLUMN confirmed_at;
ALTER TABLE membership DROP CONSTRAINT membership_tenant_key, DROP COLUMN tell;
DROP FUNCTION random_signs;
DROP POLICY membership_worker ON membership;
REVOKE SELECT ON membership FROM portal_worker;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("reminder_rule") + readable_by_worker("reminder_rule", "membership"),
        backwards=BACKWARDS,
    )
