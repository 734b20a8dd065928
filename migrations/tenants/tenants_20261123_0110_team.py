from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import own_clients_only, practice_rows, statements
from migrations.tenants.tenants_20261122_1300_taken_times import FORWARDS as TAKEN_TIMES

ID = "2026-11-23T01:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Invite members, and let a professional see their own clients alone"

FORWARDS = """
ALTER TABLE membership
    DROP CONSTRAINT membership_role_check,
    ADD CONSTRAINT membership_role_check CHECK (role IN ('admin', 'receptionist', 'professional')),
    ADD COLUMN ref text NOT NULL DEFAULT random_signs('abcdefghijklmnopqrstuvwxyz234567', 10)
        CONSTRAINT membership_ref_key UNIQUE,
    ADD COLUMN sees_all_clients boolean NOT NULL DEFAULT true,
    ADD COLUMN sees_contacts boolean NOT NULL DEFAULT true,
    ADD COLUMN joined_at timestamptz,
    ADD CONSTRAINT membership_sees_check CHECK (role = 'professional' OR (sees_all_clients AND sees_contacts));

CREATE TABLE invitation (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT invitation_ref_key UNIQUE,
    key text NOT NULL CONSTRAINT invitation_key_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    email text NOT NULL CHECK (length(email) <= 254),
    role text NOT NULL CHECK (role IN ('admin', 'receptionist', 'professional')),
    practitioner_id bigint,
    sees_all_clients boolean NOT NULL DEFAULT true,
    sees_contacts boolean NOT NULL DEFAULT true,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    CHECK (role = 'professional' OR (sees_all_clients AND sees_contacts)),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id)
);
CREATE INDEX invitation_email ON invitation (tenant_id, email);

-- Whoever holds an invitation's link learns whose it is; the practice's lens, opened for it, shows the rest.
CREATE FUNCTION behind_invitation(shown text) RETURNS TABLE (slug text, invitation_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT practice.slug, invitation.id FROM invitation JOIN practice ON practice.id = invitation.tenant_id
    WHERE invitation.key = shown;
END;
REVOKE EXECUTE ON FUNCTION behind_invitation(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION behind_invitation(text) TO portal_app;

-- Who made a record at the desk; empty for the client, and for what is older than this column.
ALTER TABLE client_record ADD COLUMN created_by text NOT NULL DEFAULT current_by() CHECK (length(created_by) <= 254);
CREATE INDEX client_record_created_by ON client_record (tenant_id, created_by) WHERE created_by <> '';

-- The clients of the practitioner whose desk this is: whom they made, had or will have, and the adults of such children.
-- With its owner's rights, since the policies that ask it stand on the very tables it reads.
CREATE FUNCTION own_clients() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    WITH theirs AS (
        SELECT client_record_id AS id FROM appointment
        WHERE tenant_id = current_tenant() AND practitioner_id = current_practitioner()
        UNION
        SELECT id FROM client_record
        WHERE tenant_id = current_tenant() AND created_by = current_by() AND created_by <> ''
    )
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT id FROM theirs
        UNION
        SELECT guardian_id FROM client_record JOIN theirs USING (id) WHERE guardian_id IS NOT NULL
    ) AS seen;
END;
REVOKE EXECUTE ON FUNCTION own_clients() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_clients() TO portal_professional;

CREATE POLICY client_record_own ON client_record AS RESTRICTIVE TO portal_professional
    USING (created_by = current_by() OR id = ANY ((SELECT own_clients())::bigint[]))
    WITH CHECK (created_by = current_by() OR id = ANY ((SELECT own_clients())::bigint[]));
CREATE POLICY message_own ON message AS RESTRICTIVE TO portal_professional
    USING (appointment_id IS NULL OR EXISTS (SELECT FROM appointment WHERE appointment.id = appointment_id));
CREATE POLICY hold_own ON hold AS RESTRICTIVE TO portal_professional
    USING (practitioner_id = current_practitioner());
"""

BACKWARDS = """
DROP POLICY hold_own ON hold;
DROP POLICY message_own ON message;
DROP POLICY client_record_own ON client_record;
DROP FUNCTION own_clients();
ALTER TABLE client_record DROP COLUMN created_by;
DROP FUNCTION behind_invitation(text);
DROP TABLE invitation;
DELETE FROM membership WHERE role = 'receptionist';
ALTER TABLE membership
    DROP COLUMN joined_at, DROP COLUMN sees_contacts, DROP COLUMN sees_all_clients, DROP COLUMN ref,
    DROP CONSTRAINT membership_role_check,
    ADD CONSTRAINT membership_role_check CHECK (role IN ('admin', 'professional'));
"""

# Whoever asks what is taken sees all of it, for the time of the question alone: busy is busy, whoever the client is.
_BEFORE = TAKEN_TIMES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
_NOW = _BEFORE.replace("\nBEGIN\n", "\nDECLARE\n    asks text := current_setting('role');\nBEGIN\n").replace(
    "        WHERE practice.id = tenant;\n",
    "        WHERE practice.id = tenant;\n"
    """\
    IF asks = 'portal_professional' THEN
        PERFORM set_config('role', asks, true);
    END IF;
""",
)
HANGING = (
    "appointment",
    "client_change",
    "client_document",
    "client_note",
    "client_number",
    "client_reply",
    "consent",
    "retention_choice",
)


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("invitation") + own_clients_only(*HANGING) + _NOW,
        backwards=_BEFORE + "".join(f"DROP POLICY {table}_own ON {table};" for table in HANGING) + BACKWARDS,
    )
