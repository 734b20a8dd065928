from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:00:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "Keep who wants no SMS, which addresses do not take mail, what phones answer, and how the channels fare"

FORWARDS = """
CREATE TABLE sms_stop (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number text NOT NULL CONSTRAINT sms_stop_number_key UNIQUE CHECK (length(number) <= 40),
    stopped_at timestamptz NOT NULL
);

CREATE TABLE mail_bounce (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL CONSTRAINT mail_bounce_email_key UNIQUE CHECK (length(email) <= 254),
    bounced_at timestamptz NOT NULL,
    status text NOT NULL,
    reason text NOT NULL DEFAULT ''
);

CREATE TABLE incoming_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider_id text NOT NULL CONSTRAINT incoming_text_provider_key UNIQUE,
    from_number text NOT NULL,
    body text NOT NULL CHECK (length(body) <= 1600),
    answered_by_provider boolean NOT NULL DEFAULT false,
    received_at timestamptz NOT NULL,
    handled_at timestamptz,
    outcome text NOT NULL DEFAULT ''
);
CREATE INDEX incoming_text_waiting ON incoming_text (received_at) WHERE handled_at IS NULL;

-- A row while a channel's provider refuses or is silent; gone with the next message that it takes.
CREATE TABLE channel_trouble (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text NOT NULL CONSTRAINT channel_trouble_channel_key UNIQUE,
    since timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    reason text NOT NULL
);

-- Until when every moment of every reminder has been looked at: one row.
CREATE TABLE reminder_look (
    id integer PRIMARY KEY CHECK (id = 1),
    looked_until timestamptz NOT NULL
);
INSERT INTO reminder_look VALUES (1, now());

GRANT SELECT, INSERT, UPDATE, DELETE ON sms_stop, mail_bounce, incoming_text, channel_trouble TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON sms_stop TO portal_worker;
GRANT SELECT, UPDATE ON incoming_text TO portal_worker;
GRANT SELECT, INSERT, UPDATE ON reminder_look TO portal_worker;
GRANT SELECT, UPDATE ON reminder_look TO portal_practice;
GRANT INSERT ON account_message TO portal_worker;
"""

BACKWARDS = """
REVOKE INSERT ON account_message FROM portal_worker;
DROP TABLE reminder_look, channel_trouble, incoming_text, mail_bounce, sms_stop;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
