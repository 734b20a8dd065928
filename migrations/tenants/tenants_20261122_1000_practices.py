from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T10:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep practices, their places and practitioners"

FORWARDS = """
CREATE TABLE practice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug text NOT NULL CONSTRAINT practice_slug_key UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    about text NOT NULL DEFAULT '',
    zone text NOT NULL CHECK (timezone(zone, now()) IS NOT NULL), -- an unknown name is an error
    languages text[] NOT NULL CHECK (cardinality(languages) >= 1),
    accent text NOT NULL CHECK (accent ~ '^#[0-9a-f]{6}$'),
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    city text NOT NULL DEFAULT '',
    email text NOT NULL DEFAULT '',
    phone text NOT NULL DEFAULT '',
    website text NOT NULL DEFAULT '',
    -- Begins at the microsecond of its making, so that no other practice under this id ever had the same number.
    plan_version bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
    created_at timestamptz NOT NULL
);

-- The practice is its own tenant. Its sign hangs outside: anyone may read it, without a lens.
ALTER TABLE practice ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON practice TO portal_app, portal_person, portal_worker;
GRANT SELECT, UPDATE ON practice TO portal_practice;
CREATE POLICY practice_sign ON practice FOR SELECT TO portal_app, portal_person, portal_worker USING (true);
CREATE POLICY practice_practice ON practice TO portal_practice
    USING (id = current_tenant()) WITH CHECK (id = current_tenant());

CREATE TABLE place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT place_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    street text NOT NULL DEFAULT '',
    postcode text NOT NULL DEFAULT '',
    city text NOT NULL DEFAULT '',
    directions text NOT NULL DEFAULT '',
    retired_at timestamptz,
    CONSTRAINT place_tenant_key UNIQUE (tenant_id, id)
);

CREATE TABLE practitioner (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT practitioner_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    title text NOT NULL DEFAULT '',
    about text NOT NULL DEFAULT '',
    retired_at timestamptz,
    CONSTRAINT practitioner_tenant_key UNIQUE (tenant_id, id)
);
"""

BACKWARDS = """DROP TABLE practitioner, place, practice;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("place", "practitioner") + readable_by_worker("place", "practitioner"),
        backwards=BACKWARDS,
    )
