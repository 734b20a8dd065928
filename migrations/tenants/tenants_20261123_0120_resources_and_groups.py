from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import changes_plan, practice_rows, statements

ID = "2026-11-23T01:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = (
    "Keep rooms and equipment from two appointments at once; let several clients share one; say more of services"
)

FORWARDS = """
ALTER TABLE place ADD COLUMN zone text CHECK (zone IS NULL OR timezone(zone, now()) IS NOT NULL);
ALTER TABLE practitioner ADD COLUMN position smallint NOT NULL DEFAULT 0;
ALTER TABLE place ADD COLUMN position smallint NOT NULL DEFAULT 0;

ALTER TABLE service
    DROP CONSTRAINT service_capacity_check,
    ADD CONSTRAINT service_capacity_check CHECK (capacity BETWEEN 1 AND 200),
    ADD COLUMN online boolean NOT NULL DEFAULT true,
    ADD COLUMN needs_approval boolean NOT NULL DEFAULT false,
    ADD COLUMN colour text NOT NULL DEFAULT '' CHECK (colour ~ '^(#[0-9a-f]{6})?$');

-- What a service says in other languages than the practice's first; what is empty there is said in the first.
CREATE TABLE service_text (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    service_id bigint NOT NULL,
    language text NOT NULL CHECK (length(language) <= 20),
    name text NOT NULL DEFAULT '' CHECK (length(name) <= 120),
    about text NOT NULL DEFAULT '' CHECK (length(about) <= 1000),
    CONSTRAINT service_text_key UNIQUE (tenant_id, service_id, language),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id)
);

-- A service needs one of a kind: which one is the booking's to choose. A thing is of one kind, so that what is free of
-- one never depends on what was taken of another.
CREATE TABLE resource_kind (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT resource_kind_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    what text NOT NULL CHECK (what IN ('room', 'equipment')),
    retired_at timestamptz,
    CONSTRAINT resource_kind_tenant_key UNIQUE (tenant_id, id)
);

CREATE TABLE resource (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT resource_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    kind_id bigint NOT NULL,
    place_id bigint NOT NULL,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    position smallint NOT NULL DEFAULT 0,
    retired_at timestamptz,
    CONSTRAINT resource_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, kind_id) REFERENCES resource_kind (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);

CREATE TABLE service_need (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    service_id bigint NOT NULL,
    kind_id bigint NOT NULL,
    CONSTRAINT service_need_key UNIQUE (tenant_id, service_id, kind_id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, kind_id) REFERENCES resource_kind (tenant_id, id)
);

-- A group is the appointments of one practitioner, service and start that have a seat. The first of them keeps the
-- practitioner's time, the others share all of theirs with it: once it leaves, the next one keeps it.
ALTER TABLE appointment ADD COLUMN seat smallint CHECK (seat >= 1);
CREATE UNIQUE INDEX appointment_seat ON appointment (practitioner_id, service_id, starts_at, seat)
    WHERE cancelled_at IS NULL AND seat IS NOT NULL;

ALTER TABLE hold
    ADD COLUMN seat smallint CHECK (seat >= 1),
    ADD COLUMN shares boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT shares OR seat IS NOT NULL),
    ADD CONSTRAINT hold_tenant_key UNIQUE (tenant_id, id),
    DROP CONSTRAINT hold_single,
    ADD CONSTRAINT hold_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    ) WHERE (released_at IS NULL AND NOT shares);
CREATE UNIQUE INDEX hold_seat ON hold (practitioner_id, service_id, starts_at, seat)
    WHERE released_at IS NULL AND seat IS NOT NULL;

-- Which room or thing an appointment or a hold has. A group has it once, by one of its members.
CREATE TABLE resource_use (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    resource_id bigint NOT NULL,
    appointment_id bigint,
    hold_id bigint,
    blocked_from timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    CHECK ((appointment_id IS NULL) <> (hold_id IS NULL)),
    CHECK (blocked_from < blocked_until),
    FOREIGN KEY (tenant_id, resource_id) REFERENCES resource (tenant_id, id),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointment (tenant_id, id),
    FOREIGN KEY (tenant_id, hold_id) REFERENCES hold (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT resource_use_single EXCLUDE USING gist (
        int8range(resource_id, resource_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    )
);
CREATE INDEX resource_use_appointment ON resource_use (tenant_id, appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX resource_use_hold ON resource_use (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX resource_use_times ON resource_use (tenant_id, resource_id, blocked_from);

-- Whoever leaves a group hands its room on to one who stays; whoever was alone gives it back.
CREATE FUNCTION leave_resources() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fellow bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM resource_use WHERE tenant_id = OLD.tenant_id AND appointment_id = OLD.id) THEN
        RETURN NULL;
    END IF;
    IF OLD.seat IS NOT NULL THEN
        SELECT id INTO fellow FROM appointment
        WHERE tenant_id = OLD.tenant_id AND practitioner_id = OLD.practitioner_id AND service_id = OLD.service_id
              AND starts_at = OLD.starts_at AND seat IS NOT NULL AND cancelled_at IS NULL AND id <> OLD.id
        ORDER BY id LIMIT 1;
    END IF;
    IF fellow IS NULL THEN
        DELETE FROM resource_use WHERE tenant_id = OLD.tenant_id AND appointment_id = OLD.id;
    ELSE
        UPDATE resource_use SET appointment_id = fellow WHERE tenant_id = OLD.tenant_id AND appointment_id = OLD.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER appointment_leaves_resources
    AFTER UPDATE OF cancelled_at, practitioner_id, place_id, blocked_from, blocked_until ON appointment
    FOR EACH ROW WHEN (OLD.cancelled_at IS NULL AND (
        NEW.cancelled_at IS NOT NULL OR NEW.practitioner_id <> OLD.practitioner_id OR NEW.place_id <> OLD.place_id
        OR NEW.blocked_from <> OLD.blocked_from OR NEW.blocked_until <> OLD.blocked_until
    )) EXECUTE FUNCTION leave_resources();

CREATE FUNCTION release_resources() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fellow bigint;
BEGIN
    IF OLD.seat IS NOT NULL THEN
        SELECT id INTO fellow FROM hold
        WHERE tenant_id = OLD.tenant_id AND practitioner_id = OLD.practitioner_id AND service_id = OLD.service_id
              AND starts_at = OLD.starts_at AND seat IS NOT NULL AND released_at IS NULL AND id <> OLD.id
        ORDER BY id LIMIT 1;
    END IF;
    IF fellow IS NULL THEN
        DELETE FROM resource_use WHERE tenant_id = OLD.tenant_id AND hold_id = OLD.id;
    ELSE
        UPDATE resource_use SET hold_id = fellow WHERE tenant_id = OLD.tenant_id AND hold_id = OLD.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER hold_releases_resources AFTER UPDATE OF released_at ON hold
    FOR EACH ROW WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL) EXECUTE FUNCTION release_resources();

GRANT SELECT, DELETE ON resource_use TO portal_worker;
CREATE POLICY resource_use_worker ON resource_use TO portal_worker USING (true);
"""

BACKWARDS = """
DROP TRIGGER hold_releases_resources ON hold;
DROP TRIGGER appointment_leaves_resources ON appointment;
DROP FUNCTION release_resources();
DROP FUNCTION leave_resources();
DROP TABLE resource_use;
ALTER TABLE hold
    DROP CONSTRAINT hold_single, DROP CONSTRAINT hold_tenant_key,
    DROP COLUMN shares, DROP COLUMN seat,
    ADD CONSTRAINT hold_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    ) WHERE (released_at IS NULL);
ALTER TABLE appointment DROP COLUMN seat;
DROP TABLE service_need, resource, resource_kind, service_text;
UPDATE service SET capacity = 1;
ALTER TABLE service
    DROP COLUMN colour, DROP COLUMN needs_approval, DROP COLUMN online,
    DROP CONSTRAINT service_capacity_check, ADD CONSTRAINT service_capacity_check CHECK (capacity = 1);
ALTER TABLE place DROP COLUMN position, DROP COLUMN zone;
ALTER TABLE practitioner DROP COLUMN position;
"""

OWNED = ("service_text", "resource_kind", "resource", "service_need")


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows(*OWNED, "resource_use") + changes_plan(*OWNED),
        backwards=BACKWARDS,
    )
