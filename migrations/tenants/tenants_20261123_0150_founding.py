from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-23T01:50:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let practices found themselves, keep their pages as they like, and be kept by the platform's operator"

FORWARDS = """
-- Before it is published a practice's page is seen by its members alone. While it is suspended nobody books, and its desk
-- is closed; from `delete_at` on nothing of it is kept.
ALTER TABLE practice
    ADD COLUMN published_at timestamptz,
    ADD COLUMN suspended_at timestamptz,
    ADD COLUMN suspended_why text NOT NULL DEFAULT '' CHECK (length(suspended_why) <= 500),
    ADD COLUMN delete_at timestamptz,
    ADD COLUMN logo text NOT NULL DEFAULT '' CHECK (logo ~ '^([0-9a-f]{32})?$'),
    ADD CHECK (delete_at IS NULL OR suspended_at IS NOT NULL);
UPDATE practice SET published_at = created_at;
CREATE INDEX practice_deletion ON practice (delete_at) WHERE delete_at IS NOT NULL;

-- What its desk may change of a practice, and no more: it neither lifts its own suspension nor takes another's place.
REVOKE UPDATE ON practice FROM portal_practice;
GRANT UPDATE (slug, name, about, zone, languages, accent, currency, country, city, email, phone, website, published_at,
              logo) ON practice TO portal_practice;

-- A page's former addresses lead to it, and to nobody else.
CREATE TABLE former_slug (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    slug text NOT NULL CONSTRAINT former_slug_key UNIQUE,
    left_at timestamptz NOT NULL
);
GRANT SELECT ON former_slug TO portal_app;
CREATE POLICY former_slug_sign ON former_slug FOR SELECT TO portal_app USING (true);

-- No two practices were ever reached by one name.
CREATE FUNCTION keep_slug() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM former_slug WHERE slug = NEW.slug AND tenant_id = NEW.id;
    IF EXISTS (SELECT FROM former_slug WHERE slug = NEW.slug) THEN
        RAISE unique_violation USING CONSTRAINT = 'practice_slug_key', MESSAGE = 'that was another practice''s slug';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO former_slug (tenant_id, slug, left_at) VALUES (NEW.id, OLD.slug, clock_timestamp());
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER practice_keeps_slug AFTER INSERT ON practice FOR EACH ROW EXECUTE FUNCTION keep_slug();
CREATE TRIGGER practice_leaves_slug AFTER UPDATE OF slug ON practice
    FOR EACH ROW WHEN (OLD.slug <> NEW.slug) EXECUTE FUNCTION keep_slug();

-- What a practice says of itself in other languages than its first.
CREATE TABLE practice_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    language text NOT NULL CHECK (length(language) <= 20),
    about text NOT NULL CHECK (length(about) <= 2000),
    CONSTRAINT practice_text_key UNIQUE (tenant_id, language)
);

-- `large` and `small` are PNG, of 512 and 128 pixels at most; `practice.logo` names what they hold.
CREATE TABLE practice_logo (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL CONSTRAINT practice_logo_tenant_key UNIQUE REFERENCES practice (id),
    large bytea NOT NULL,
    small bytea NOT NULL,
    kept_at timestamptz NOT NULL
);

-- Which steps of the first days a practice has put aside.
CREATE TABLE checklist_done (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    step text NOT NULL CHECK (length(step) <= 40),
    at timestamptz NOT NULL,
    CONSTRAINT checklist_done_key UNIQUE (tenant_id, step)
);

-- A practice and its first admin in one. Nobody may make a practice in any other way.
CREATE FUNCTION found_practice(
    named_slug text, named text, in_zone text, spoken text[], in_accent text, in_currency text, in_country text,
    founder text, at timestamptz
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    founded bigint;
BEGIN
    INSERT INTO practice (slug, name, zone, languages, accent, currency, country, email, created_at)
    VALUES (named_slug, named, in_zone, spoken, in_accent, in_currency, in_country, founder, at)
    RETURNING id INTO founded;
    INSERT INTO membership (tenant_id, email, role, joined_at) VALUES (founded, founder, 'admin', at);
    INSERT INTO booking_policy (tenant_id) VALUES (founded);
    RETURN founded;
END
$$;
REVOKE EXECUTE ON FUNCTION found_practice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION found_practice TO portal_app;

-- The operator sees practices and how large they are, and none of their clients.
GRANT SELECT ON practice TO portal_operator;
GRANT UPDATE (suspended_at, suspended_why, delete_at) ON practice TO portal_operator;
CREATE POLICY practice_operator ON practice TO portal_operator USING (true) WITH CHECK (true);

CREATE FUNCTION practice_numbers(since timestamptz) RETURNS TABLE (
    tenant_id bigint, members bigint, practitioners bigint, clients bigint, booked bigint, last_booked_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT practice.id,
           (SELECT count(*) FROM membership WHERE membership.tenant_id = practice.id AND ended_at IS NULL),
           (SELECT count(*) FROM practitioner WHERE practitioner.tenant_id = practice.id AND retired_at IS NULL),
           (SELECT count(*) FROM client_record
            WHERE client_record.tenant_id = practice.id AND merged_at IS NULL AND erased_at IS NULL),
           (SELECT count(*) FROM appointment
            WHERE appointment.tenant_id = practice.id AND booked_at >= practice_numbers.since),
           (SELECT max(booked_at) FROM appointment WHERE appointment.tenant_id = practice.id)
    FROM practice;
END;
REVOKE EXECUTE ON FUNCTION practice_numbers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION practice_numbers TO portal_operator;

-- Everything of one practice whose time has come, from every table that carries a tenant: what others hang from goes last.
CREATE FUNCTION purge_practice(doomed bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    waiting text[];
    left_over text[];
    name text;
BEGIN
    PERFORM FROM practice WHERE id = doomed AND delete_at <= at FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    SELECT array_agg(relname) INTO waiting
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attname = 'tenant_id' AND NOT attisdropped;
    LOOP
        left_over := '{}';
        FOREACH name IN ARRAY waiting LOOP
            BEGIN
                EXECUTE format('DELETE FROM %I WHERE tenant_id = $1', name) USING doomed;
            EXCEPTION WHEN foreign_key_violation THEN
                left_over := left_over || name;
            END;
        END LOOP;
        EXIT WHEN left_over = '{}';
        IF cardinality(left_over) = cardinality(waiting) THEN
            RAISE EXCEPTION 'practice % cannot be deleted: % point at each other', doomed, left_over;
        END IF;
        waiting := left_over;
    END LOOP;
    DELETE FROM practice WHERE id = doomed;
    RETURN true;
END
$$;
REVOKE EXECUTE ON FUNCTION purge_practice FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_practice TO portal_worker;
"""

BACKWARDS = """
DROP FUNCTION purge_practice;
DROP FUNCTION practice_numbers;
DROP POLICY practice_operator ON practice;
REVOKE UPDATE (suspended_at, suspended_why, delete_at) ON practice FROM portal_operator;
REVOKE SELECT ON practice FROM portal_operator;
DROP FUNCTION found_practice;
DROP TABLE checklist_done, practice_logo, practice_text;
DROP TRIGGER practice_leaves_slug ON practice;
DROP TRIGGER practice_keeps_slug ON practice;
DROP FUNCTION keep_slug();
DROP TABLE former_slug;
REVOKE UPDATE (slug, name, about, zone, languages, accent, currency, country, city, email, phone, website, published_at,
               logo) ON practice FROM portal_practice;
GRANT UPDATE ON practice TO portal_practice;
ALTER TABLE practice
    DROP COLUMN logo, DROP COLUMN delete_at, DROP COLUMN suspended_why, DROP COLUMN suspended_at,
    DROP COLUMN published_at;
"""


async def forwards() -> MigrationManager:
    owned = ("former_slug", "practice_text", "practice_logo", "checklist_done")
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows(*owned), backwards=BACKWARDS)
