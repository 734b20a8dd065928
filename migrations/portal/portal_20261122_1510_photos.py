from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep people's photos"

FORWARDS = """
CREATE TABLE photo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT photo_ref_key UNIQUE,
    person_id bigint NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    large bytea NOT NULL,
    small bytea,
    created_at timestamptz NOT NULL,
    kept_at timestamptz,
    came_from_id bigint REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT photo_kept_is_finished CHECK (kept_at IS NULL OR small IS NOT NULL)
);
-- What is compressed already is not worth trying again.
ALTER TABLE photo ALTER COLUMN large SET STORAGE EXTERNAL, ALTER COLUMN small SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX photo_one_kept ON photo (person_id) WHERE kept_at IS NOT NULL;
CREATE UNIQUE INDEX photo_one_draft ON photo (person_id) WHERE kept_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON photo TO portal_app;
"""

BACKWARDS = "DROP TABLE photo;"


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
