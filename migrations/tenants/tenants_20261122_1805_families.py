from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T18:05:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Find records however they are spelled; keep children under an adult; merge and erase records"

FORWARDS = """
-- Without case, accents and ligatures, so that what is typed in a hurry finds what was written with care. Case is taken
-- off after the accents: a server that knows no letters beyond ASCII still folds the same.
CREATE FUNCTION folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN replace(replace(replace(replace(replace(replace(
        lower(regexp_replace(normalize(said, NFKD), U&'[\\0300-\\036F]', '', 'g')),
        'œ', 'oe'), 'æ', 'ae'), 'ø', 'o'), 'ß', 'ss'), 'ł', 'l'), 'đ', 'd');

ALTER TABLE client_record
    ADD COLUMN birthday date,
    ADD COLUMN language text NOT NULL DEFAULT '' CHECK (length(language) <= 20),
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 20),
    ADD COLUMN guardian_id bigint,
    ADD COLUMN reach_email text,
    ADD COLUMN search text NOT NULL DEFAULT '',
    ADD COLUMN merged_into bigint,
    ADD COLUMN merged_at timestamptz,
    ADD COLUMN erase_at timestamptz,
    ADD COLUMN erased_at timestamptz,
    ADD CHECK (guardian_id IS NULL OR (email IS NULL AND guardian_id <> id)),
    ADD CHECK ((merged_into IS NULL) = (merged_at IS NULL)),
    ADD CHECK (email IS NULL OR (merged_at IS NULL AND erased_at IS NULL)),
    ADD FOREIGN KEY (tenant_id, guardian_id) REFERENCES client_record (tenant_id, id),
    ADD FOREIGN KEY (tenant_id, merged_into) REFERENCES client_record (tenant_id, id);

CREATE FUNCTION fill_client_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.reach_email := NEW.email;
    IF NEW.guardian_id IS NOT NULL THEN
        SELECT email INTO NEW.reach_email FROM client_record
        WHERE tenant_id = NEW.tenant_id AND id = NEW.guardian_id;
    END IF;
    NEW.search := folded(concat_ws(' ', NEW.first_name, NEW.last_name, NEW.email, NEW.phone, NEW.home_phone,
                                   regexp_replace(NEW.phone, '[^0-9]', '', 'g'),
                                   regexp_replace(NEW.home_phone, '[^0-9]', '', 'g')));
    RETURN NEW;
END
$$;
CREATE TRIGGER client_record_fills
    BEFORE INSERT OR UPDATE OF email, guardian_id, first_name, last_name, phone, home_phone ON client_record
    FOR EACH ROW EXECUTE FUNCTION fill_client_record();

CREATE FUNCTION reach_dependants() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE client_record SET guardian_id = guardian_id WHERE tenant_id = NEW.tenant_id AND guardian_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER client_record_reaches_dependants AFTER UPDATE OF email ON client_record
    FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email) EXECUTE FUNCTION reach_dependants();

UPDATE client_record SET email = email;

-- The merge: what is reached under one of the person's proved addresses is theirs to see, a child's record like their own.
DROP POLICY client_record_person ON client_record;
CREATE POLICY client_record_person ON client_record FOR SELECT TO portal_person
    USING (reach_email = ANY ((SELECT verified_emails())::text[]));
DROP INDEX client_record_email;
CREATE INDEX client_record_reach ON client_record (reach_email);
CREATE INDEX client_record_guardian ON client_record (guardian_id) WHERE guardian_id IS NOT NULL;
CREATE INDEX client_record_names ON client_record (tenant_id, last_name, first_name);
CREATE INDEX client_record_erasure ON client_record (erase_at) WHERE erase_at IS NOT NULL;
"""

BACKWARDS = """
DROP INDEX client_record_erasure, client_record_names, client_record_guardian, client_record_reach;
CREATE INDEX client_record_email ON client_record (email);
DROP POLICY client_record_person ON client_record;
CREATE POLICY client_record_person ON client_record FOR SELECT TO portal_person
    USING (email = ANY ((SELECT verified_emails())::text[]));
DROP TRIGGER client_record_reaches_dependants ON client_record;
DROP TRIGGER client_record_fills ON client_record;
DROP FUNCTION reach_dependants();
DROP FUNCTION fill_client_record();
ALTER TABLE client_record
    DROP COLUMN erased_at, DROP COLUMN erase_at, DROP COLUMN merged_at, DROP COLUMN merged_into, DROP COLUMN search,
    DROP COLUMN reach_email, DROP COLUMN guardian_id, DROP COLUMN tags, DROP COLUMN language, DROP COLUMN birthday;
DROP FUNCTION folded;
"""


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
