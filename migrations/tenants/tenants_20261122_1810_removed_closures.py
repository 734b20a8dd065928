from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T18:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = (
    "Keep a removed closure for a day, so that it can be put back without its reason passing through an address"
)

FORWARDS = """
CREATE TABLE removed_closure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT removed_closure_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    practitioner_id bigint,
    place_id bigint,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reason text NOT NULL,
    holiday text,
    removed_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
CREATE INDEX removed_closure_removed ON removed_closure (removed_at);
"""

BACKWARDS = """
DROP TABLE removed_closure;
"""

# The worker forgets what nobody has put back; the reason in it may be a private one.
PRUNED = """
GRANT SELECT (removed_at), DELETE ON removed_closure TO portal_worker;
CREATE POLICY removed_closure_worker ON removed_closure TO portal_worker USING (true);
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows("removed_closure") + PRUNED, backwards=BACKWARDS
    )
