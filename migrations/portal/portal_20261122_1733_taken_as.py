from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:33:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep as what the provider took a text that it answered itself: its keywords may be others than ours"

FORWARDS = """
ALTER TABLE incoming_text
    DROP COLUMN answered_by_provider,
    ADD COLUMN provider_took_as text NOT NULL DEFAULT '' CHECK (provider_took_as IN ('', 'stop', 'start', 'help'));
"""

BACKWARDS = """
ALTER TABLE incoming_text
    DROP COLUMN provider_took_as,
    ADD COLUMN answered_by_provider boolean NOT NULL DEFAULT false;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
