from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:35:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Find the messages of an address, for a report that one of them came back"

FORWARDS = "CREATE INDEX account_message_sent_to ON account_message (sent_to);"
BACKWARDS = "DROP INDEX account_message_sent_to;"


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
