from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T18:40:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Remember merges of records so that they can be undone, and pairs that are two people"

FORWARDS = """
CREATE TABLE client_merge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT client_merge_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    kept_id bigint NOT NULL,
    gone_id bigint NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    before jsonb NOT NULL,
    became jsonb NOT NULL,
    moved jsonb NOT NULL,
    undone_at timestamptz,
    undone_by text NOT NULL DEFAULT '' CHECK (length(undone_by) <= 254),
    CHECK (kept_id <> gone_id),
    CHECK ((undone_at IS NULL) = (undone_by = '')),
    FOREIGN KEY (tenant_id, kept_id) REFERENCES client_record (tenant_id, id),
    FOREIGN KEY (tenant_id, gone_id) REFERENCES client_record (tenant_id, id)
);
CREATE INDEX client_merge_kept ON client_merge (tenant_id, kept_id);
CREATE INDEX client_merge_gone ON client_merge (tenant_id, gone_id);
CREATE UNIQUE INDEX client_merge_stands ON client_merge (gone_id) WHERE undone_at IS NULL;
CREATE INDEX client_record_merged ON client_record (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE client_distinct (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    one_id bigint NOT NULL,
    other_id bigint NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    CONSTRAINT client_distinct_key UNIQUE (tenant_id, one_id, other_id),
    CHECK (one_id < other_id),
    FOREIGN KEY (tenant_id, one_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, other_id) REFERENCES client_record (tenant_id, id) ON DELETE CASCADE
);

-- The rows that hang from one record, as {"table.column": [ids]}.
CREATE FUNCTION hanging(tenant bigint, tables text[], columns text[], record bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    found jsonb := '{}';
    ids bigint[];
BEGIN
    FOR place IN 1 .. cardinality(tables) LOOP
        EXECUTE format('SELECT coalesce(array_agg(id ORDER BY id), ''{}'') FROM %I WHERE tenant_id = $1 AND %I = $2',
                       tables[place], columns[place]) INTO ids USING tenant, record;
        found := found || jsonb_build_object(tables[place] || '.' || columns[place], ids);
    END LOOP;
    RETURN found;
END
$$;

-- Hangs rows of one record from another, all of them or those named in `only_these`; gives what it has moved in the
-- same form, NULL when somebody else is at one of them at this moment. It never waits, because who is at a row may be
-- waiting for its record, which is locked here.
CREATE FUNCTION rehang(tenant bigint, tables text[], columns text[], old bigint, new bigint, only_these jsonb)
RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    found jsonb := hanging(tenant, tables, columns, old);
    named text;
    wanted bigint[];
    won bigint[];
BEGIN
    FOR place IN 1 .. cardinality(tables) LOOP
        named := tables[place] || '.' || columns[place];
        wanted := ARRAY(SELECT id::bigint FROM jsonb_array_elements_text(found -> named) AS id
                        WHERE only_these IS NULL OR only_these -> named @> to_jsonb(id::bigint) ORDER BY 1);
        EXECUTE format('SELECT ARRAY(SELECT id FROM %I WHERE tenant_id = $1 AND id = ANY ($2) ORDER BY id
                                     FOR NO KEY UPDATE SKIP LOCKED)', tables[place]) INTO won USING tenant, wanted;
        IF won <> wanted THEN
            RETURN NULL;
        END IF;
        EXECUTE format('UPDATE %I SET %I = $3 WHERE tenant_id = $1 AND id = ANY ($2)', tables[place], columns[place])
            USING tenant, won, new;
        found := found || jsonb_build_object(named, won);
    END LOOP;
    RETURN found;
END
$$;

-- What is written for a merged record by somebody who has not heard of it hangs from the kept one. The record is locked
-- as its foreign key would lock it, so that a merge under way is waited for.
CREATE FUNCTION follow_merged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    record bigint;
    further bigint;
BEGIN
    IF TG_TABLE_NAME = 'client_record' THEN
        further := NEW.guardian_id;
    ELSE
        further := NEW.client_record_id;
    END IF;
    WHILE further IS NOT NULL LOOP
        record := further;
        further := NULL;
        SELECT merged_into INTO further FROM client_record
        WHERE tenant_id = NEW.tenant_id AND id = record FOR KEY SHARE;
    END LOOP;
    IF TG_TABLE_NAME = 'client_record' THEN
        NEW.guardian_id := record;
    ELSE
        NEW.client_record_id := record;
    END IF;
    RETURN NEW;
END
$$;
-- Before `client_record_fills`, which goes by the guardian: triggers run by their names.
CREATE TRIGGER client_record_adopts BEFORE INSERT OR UPDATE OF guardian_id ON client_record
    FOR EACH ROW WHEN (NEW.guardian_id IS NOT NULL) EXECUTE FUNCTION follow_merged();
DO $$
DECLARE
    hung regclass;
BEGIN
    FOR hung IN
        SELECT attrelid FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attname = 'client_record_id'
              AND NOT attisdropped AND relname NOT IN ('client_change', 'retention_choice')
    LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF client_record_id ON %s
                        FOR EACH ROW EXECUTE FUNCTION follow_merged()', hung || '_follows', hung);
    END LOOP;
END
$$;

-- Who is erased is erased from the merges, too: from what both records said, and from the history of what went into it.
CREATE FUNCTION forget_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gone bigint[];
BEGIN
    WITH RECURSIVE way AS (
        SELECT NEW.id AS id
        UNION
        SELECT client_record.id FROM client_record JOIN way ON merged_into = way.id WHERE tenant_id = NEW.tenant_id
    )
    SELECT array_agg(id) INTO gone FROM way;
    UPDATE client_merge SET before = '{}', became = '{}'
    WHERE tenant_id = NEW.tenant_id AND (kept_id = ANY (gone) OR gone_id = ANY (gone));
    UPDATE client_change SET before = '', after = ''
    WHERE tenant_id = NEW.tenant_id AND client_record_id = ANY (gone) AND client_record_id <> NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER client_record_forgets_merges AFTER UPDATE OF erased_at ON client_record
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL) EXECUTE FUNCTION forget_merged();
"""

BACKWARDS = """
DROP TRIGGER client_record_forgets_merges ON client_record;
DROP FUNCTION forget_merged();
DROP FUNCTION follow_merged() CASCADE;  -- with its triggers
DROP FUNCTION rehang;
DROP FUNCTION hanging;
DROP TABLE client_distinct, client_merge;
DROP INDEX client_record_merged;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("client_merge", "client_distinct"),
        backwards=BACKWARDS,
    )
