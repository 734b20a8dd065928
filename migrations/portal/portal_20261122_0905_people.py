from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T09:05:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep people, their proved addresses, codes and connections"

FORWARDS = """
CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT person_ref_key UNIQUE,
    first_name text NOT NULL DEFAULT '' CHECK (length(first_name) <= 100),
    last_name text NOT NULL DEFAULT '' CHECK (length(last_name) <= 100),
    language text,
    date_display text NOT NULL DEFAULT 'language',
    time_display text NOT NULL DEFAULT 'language',
    zone text,
    created_at timestamptz NOT NULL
);

CREATE TABLE address (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    email text NOT NULL CONSTRAINT address_email_key UNIQUE CHECK (length(email) <= 254),
    verified_at timestamptz NOT NULL
);
CREATE INDEX address_person ON address (person_id);

CREATE TABLE code (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT code_ref_key UNIQUE,
    email text NOT NULL CHECK (length(email) <= 254),
    purpose text NOT NULL,
    digest bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries_left integer NOT NULL DEFAULT 5 CHECK (tries_left >= 0),
    used_at timestamptz,
    voided_at timestamptz
);
CREATE INDEX code_email ON code (email, purpose, created_at);

CREATE TABLE connection (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT connection_ref_key UNIQUE,
    token_digest bytea NOT NULL CONSTRAINT connection_token_key UNIQUE,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    address_id bigint NOT NULL REFERENCES address (id) ON DELETE CASCADE,
    user_agent text NOT NULL DEFAULT '',
    ip text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX connection_person ON connection (person_id) WHERE ended_at IS NULL;
CREATE INDEX connection_address ON connection (address_id);

CREATE TABLE account_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    to_email text NOT NULL,
    kind text NOT NULL,
    language text NOT NULL,
    facts jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    claimed_until timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    sent_at timestamptz,
    failed_at timestamptz,
    failure text NOT NULL DEFAULT ''
);
CREATE INDEX account_message_waiting ON account_message (next_attempt_at)
    WHERE sent_at IS NULL AND failed_at IS NULL;

CREATE UNLOGGED TABLE rate_count (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL,
    window_starts_at timestamptz NOT NULL,
    hits integer NOT NULL,
    CONSTRAINT rate_count_window_key UNIQUE (key, window_starts_at)
);
CREATE INDEX rate_count_age ON rate_count (window_starts_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON person, address, code, connection, account_message, rate_count TO portal_app;

-- The merge itself: the addresses that the person of this transaction has proved. It runs with its owner's rights,
-- since the person's lens may not read the portal's tables.
CREATE FUNCTION verified_emails() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path = public, pg_temp
    RETURN ARRAY(SELECT email FROM address WHERE person_id = current_person());
REVOKE EXECUTE ON FUNCTION verified_emails() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION verified_emails() TO portal_person;
"""

BACKWARDS = """
DROP FUNCTION verified_emails();
DROP TABLE rate_count, account_message, connection, code, address, person;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
