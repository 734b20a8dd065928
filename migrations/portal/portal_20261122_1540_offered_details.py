from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:40:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let people choose who sees what, and remember what practices have not been told yet"

FORWARDS = """
-- `shown` holds what@where: 'photo@*' for every practice, 'home_phone@12' for the one of that number.
ALTER TABLE person
    ADD COLUMN shown text[] NOT NULL DEFAULT '{}',
    ADD COLUMN offer_waits_since timestamptz;
CREATE INDEX person_offer_waits ON person (offer_waits_since) WHERE offer_waits_since IS NOT NULL;
"""

BACKWARDS = """
ALTER TABLE person DROP COLUMN offer_waits_since, DROP COLUMN shown;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
