from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T14:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let people add, remove and merge their addresses, and undo it"

FORWARDS = """
ALTER TABLE address ADD COLUMN ref text NOT NULL CONSTRAINT address_ref_key UNIQUE
    DEFAULT left(replace(gen_random_uuid()::text, '-', ''), 12);
ALTER TABLE address ALTER COLUMN ref DROP DEFAULT;
ALTER TABLE address ADD COLUMN primary_since timestamptz;

-- A code that adds an address works for the person who asked for it, and for nobody else.
ALTER TABLE code ADD COLUMN person_id bigint REFERENCES person (id) ON DELETE CASCADE;

ALTER TABLE person ADD COLUMN merged_into_id bigint REFERENCES person (id);

CREATE TABLE person_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    emails text[] NOT NULL,
    from_id bigint REFERENCES person (id) ON DELETE CASCADE,
    to_id bigint REFERENCES person (id) ON DELETE CASCADE,
    undone_at timestamptz
);
CREATE INDEX person_event_person ON person_event (person_id, at);

CREATE TABLE address_undo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_digest bytea NOT NULL CONSTRAINT address_undo_token_key UNIQUE,
    event_id bigint NOT NULL REFERENCES person_event (id) ON DELETE CASCADE,
    sent_to text NOT NULL CHECK (length(sent_to) <= 254),
    expires_at timestamptz NOT NULL,
    voided_at timestamptz
);
CREATE INDEX address_undo_sent_to ON address_undo (sent_to);
CREATE INDEX address_undo_expiry ON address_undo (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON person_event, address_undo TO portal_app;
"""

BACKWARDS = """
DROP TABLE address_undo, person_event;
ALTER TABLE person DROP COLUMN merged_into_id;
ALTER TABLE code DROP COLUMN person_id;
ALTER TABLE address DROP COLUMN primary_since, DROP COLUMN ref;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
