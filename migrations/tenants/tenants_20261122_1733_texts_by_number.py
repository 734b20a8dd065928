from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:33:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Find what was sent to the number that answers"

FORWARDS = "CREATE INDEX message_sent_to ON message (sent_to) WHERE channel = 'sms' AND sent_to <> '';"

BACKWARDS = "DROP INDEX message_sent_to;"


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
