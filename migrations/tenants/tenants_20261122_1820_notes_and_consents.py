from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T18:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep notes with all their versions, consents with their exact wording, and every change of a record"

_FILL = """
CREATE OR REPLACE FUNCTION fill_client_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reach_email := NEW.email;
    IF NEW.guardian_id IS NOT NULL THEN
        SELECT email INTO NEW.reach_email FROM client_record
        WHERE tenant_id = NEW.tenant_id AND id = NEW.guardian_id;
    END IF;
"""

_TABLES = """
-- A note is what stands in its latest version. What was written is never written over.
CREATE TABLE client_note (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT client_note_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    client_record_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    pinned_at timestamptz,
    removed_at timestamptz,
    removed_by text NOT NULL DEFAULT '' CHECK (length(removed_by) <= 254),
    CONSTRAINT client_note_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_note_record ON client_note (tenant_id, client_record_id);

CREATE TABLE client_note_version (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    note_id bigint NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 5000),
    FOREIGN KEY (tenant_id, note_id) REFERENCES client_note (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX client_note_version_note ON client_note_version (tenant_id, note_id);

CREATE TABLE consent_wording (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT consent_wording_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL,
    retired_at timestamptz,
    CONSTRAINT consent_wording_tenant_key UNIQUE (tenant_id, id)
);

CREATE TABLE consent_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    wording_id bigint NOT NULL,
    version smallint NOT NULL CHECK (version > 0),
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 10000),
    CONSTRAINT consent_text_version_key UNIQUE (tenant_id, wording_id, version),
    CONSTRAINT consent_text_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, wording_id) REFERENCES consent_wording (tenant_id, id)
);

CREATE TABLE consent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT consent_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    client_record_id bigint NOT NULL,
    text_id bigint NOT NULL,
    given_at timestamptz NOT NULL,
    how text NOT NULL CHECK (how IN ('in_person', 'form', 'phone', 'email')),
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    withdrawn_at timestamptz,
    withdrawn_how text CHECK (withdrawn_how IN ('in_person', 'form', 'phone', 'email')),
    withdrawn_by text NOT NULL DEFAULT '' CHECK (length(withdrawn_by) <= 254),
    CHECK ((withdrawn_at IS NULL) = (withdrawn_how IS NULL)),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, text_id) REFERENCES consent_text (tenant_id, id)
);
CREATE INDEX consent_record ON consent (tenant_id, client_record_id);
"""

_RIGHTS = """
-- Names without case and accents, the last name first. In the order of bytes, in which they are quick to sort.
ALTER TABLE client_record ADD COLUMN filed_as text COLLATE "C" NOT NULL DEFAULT '';
CREATE INDEX client_record_filed ON client_record (tenant_id, filed_as, id)
    WHERE merged_at IS NULL AND erased_at IS NULL;

REVOKE UPDATE ON client_note_version, consent_text FROM portal_practice;
REVOKE DELETE ON consent_wording, consent_text FROM portal_practice;

ALTER TABLE client_change DROP CONSTRAINT client_change_how_check, ADD CONSTRAINT client_change_how_check
    CHECK (how IN ('offered', 'kept_aside', 'held', 'restored', 'made', 'changed'));
"""

_SEARCH = """
    NEW.filed_as := left(folded(concat_ws(' ', nullif(NEW.last_name, ''), nullif(NEW.first_name, ''))), 200);
    NEW.search := NEW.filed_as || E'\\n' || folded(concat_ws(' ', NEW.email, NEW.phone, NEW.home_phone,
                                                             regexp_replace(NEW.phone, '[^0-9]', '', 'g'),
                                                             regexp_replace(NEW.home_phone, '[^0-9]', '', 'g'),
                                                             array_to_string(NEW.tags, ' ')));
    RETURN NEW;
END
$$;
DROP TRIGGER client_record_fills ON client_record;
CREATE TRIGGER client_record_fills
    BEFORE INSERT OR UPDATE OF email, guardian_id, first_name, last_name, phone, home_phone, tags ON client_record
    FOR EACH ROW EXECUTE FUNCTION fill_client_record();
UPDATE client_record SET tags = tags;
"""

_SEARCH_BEFORE = """
    NEW.search := folded(concat_ws(' ', NEW.first_name, NEW.last_name, NEW.email, NEW.phone, NEW.home_phone,
                                   regexp_replace(NEW.phone, '[^0-9]', '', 'g'),
                                   regexp_replace(NEW.home_phone, '[^0-9]', '', 'g')));
    RETURN NEW;
END
$$;
DROP TRIGGER client_record_fills ON client_record;
CREATE TRIGGER client_record_fills
    BEFORE INSERT OR UPDATE OF email, guardian_id, first_name, last_name, phone, home_phone ON client_record
    FOR EACH ROW EXECUTE FUNCTION fill_client_record();
DROP INDEX client_record_filed;
ALTER TABLE client_record DROP COLUMN filed_as;
DELETE FROM client_change WHERE how IN ('made', 'changed');
ALTER TABLE client_change DROP CONSTRAINT client_change_how_check, ADD CONSTRAINT client_change_how_check
    CHECK (how IN ('offered', 'kept_aside', 'held', 'restored'));
DROP TABLE consent, consent_text, consent_wording, client_note_version, client_note;
"""

_ROWS = practice_rows("client_note", "client_note_version", "consent_wording", "consent_text", "consent")

FORWARDS = _TABLES + _ROWS + _RIGHTS + _FILL + _SEARCH
BACKWARDS = _FILL + _SEARCH_BEFORE


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
