from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-23T03:00:00:000260"
VERSION = "1.38.0"
DESCRIPTION = "Show what was offered to whom only to who may see that client; find whose time it is that is kept"

FORWARDS = """
CREATE INDEX waiting_offer_hold ON waiting_offer (hold_id) WHERE hold_id IS NOT NULL;
DROP POLICY message_own ON message;
CREATE POLICY message_own ON message AS RESTRICTIVE TO portal_professional USING (
    CASE WHEN appointment_id IS NOT NULL THEN EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id)
         WHEN offer_id IS NOT NULL THEN EXISTS (SELECT FROM waiting_offer WHERE waiting_offer.id = offer_id)
         ELSE true END
);
"""

BACKWARDS = """
DROP INDEX waiting_offer_hold;
DROP POLICY message_own ON message;
CREATE POLICY message_own ON message AS RESTRICTIVE TO portal_professional
    USING (appointment_id IS NULL OR EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id));
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
