from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T17:31:00:000002"
VERSION = "1.38.0"
DESCRIPTION = "Let people see whether their practices write by SMS"

FORWARDS = """
GRANT SELECT (tenant_id, sms_on) ON message_policy TO portal_person;
CREATE POLICY message_policy_person ON message_policy FOR SELECT TO portal_person
    USING (tenant_id = ANY (ARRAY(SELECT tenant_id FROM client_record)));
"""

BACKWARDS = """
DROP POLICY message_policy_person ON message_policy;
REVOKE SELECT (tenant_id, sms_on) ON message_policy FROM portal_person;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
