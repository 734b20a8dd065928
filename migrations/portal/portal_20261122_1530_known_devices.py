from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Know the devices and countries that people sign in from, and let them disown a sign-in"

FORWARDS = """
-- Outlives the connections: one that ran out must not make its browser new again.
CREATE TABLE known_device (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    device text NOT NULL CHECK (length(device) <= 200),
    country text NOT NULL DEFAULT '' CHECK (length(country) <= 2),
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    CONSTRAINT known_device_key UNIQUE (person_id, device, country)
);
CREATE INDEX known_device_age ON known_device (last_seen_at);

-- Whose sign-in it was is whose address it was sent to, also after two accounts have become one.
CREATE TABLE not_me_link (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_digest bytea NOT NULL CONSTRAINT not_me_link_token_key UNIQUE,
    sent_to text NOT NULL CHECK (length(sent_to) <= 254),
    signed_in_with text NOT NULL CHECK (length(signed_in_with) <= 254),
    signed_in_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX not_me_link_sent_to ON not_me_link (sent_to);
CREATE INDEX not_me_link_expiry ON not_me_link (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON known_device, not_me_link TO portal_app;
"""

BACKWARDS = """
DROP TABLE not_me_link, known_device;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
