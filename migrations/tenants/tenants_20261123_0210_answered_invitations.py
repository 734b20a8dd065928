from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T02:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let invitations be declined, and bring a practitioner along who is yet to be made"

FORWARDS = """
ALTER TABLE invitation
    ADD COLUMN declined_at timestamptz,
    ADD COLUMN new_practitioner text NOT NULL DEFAULT '' CHECK (length(new_practitioner) <= 120),
    ADD CHECK (num_nonnulls(accepted_at, withdrawn_at, declined_at) <= 1),
    ADD CHECK (practitioner_id IS NULL OR new_practitioner = '');

-- One that nobody has answered is all that an address can have; another takes its place.
DROP INDEX invitation_email;
CREATE UNIQUE INDEX invitation_email ON invitation (tenant_id, email)
    WHERE accepted_at IS NULL AND withdrawn_at IS NULL AND declined_at IS NULL;
"""

BACKWARDS = """
DROP INDEX invitation_email;
CREATE INDEX invitation_email ON invitation (tenant_id, email);
ALTER TABLE invitation DROP COLUMN new_practitioner, DROP COLUMN declined_at;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
