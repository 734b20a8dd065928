from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements
from migrations.tenants.tenants_20261123_0160_audit import FORWARDS as AS_IT_WAS

ID = "2026-11-23T03:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Tell in the audit log which fields became empty, and that an appointment was given another room"

# Of what is about a client a line holds no values, so "cancelled" and "brought back" looked alike: both name cancelled_at.
# The rest of the function is as it was; a page of lines is turned by moment and number.
_TELL = "CREATE OR REPLACE FUNCTION tell_audit()" + AS_IT_WAS.partition("CREATE FUNCTION tell_audit()")[2]
_TELL_EMPTIED = _TELL.replace("fields, before, after)", "fields, emptied, before, after)").replace(
    "        told,\n",
    "        told,\n        ARRAY(SELECT field FROM unnest(told) AS field WHERE jsonb_typeof(new_row -> field) = 'null'),\n",
)

FORWARDS = (
    """
ALTER TABLE audit_entry ADD COLUMN emptied text[] NOT NULL DEFAULT '{}';
DROP INDEX audit_entry_at;
CREATE INDEX audit_entry_at ON audit_entry (tenant_id, at, id);
"""
    + _TELL_EMPTIED
    + """
CREATE TRIGGER resource_use_audited AFTER UPDATE OF resource_id ON resource_use
    FOR EACH ROW WHEN (current_by() <> '' AND OLD.resource_id <> NEW.resource_id) EXECUTE FUNCTION tell_audit('values');
"""
)

BACKWARDS = (
    """
DROP TRIGGER resource_use_audited ON resource_use;
"""
    + _TELL
    + """
DROP INDEX audit_entry_at;
CREATE INDEX audit_entry_at ON audit_entry (tenant_id, at);
ALTER TABLE audit_entry DROP COLUMN emptied;
"""
)


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
