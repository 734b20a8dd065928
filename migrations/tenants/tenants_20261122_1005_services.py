from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T10:05:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep services, who gives them and where"

FORWARDS = """
CREATE TABLE service (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT service_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    about text NOT NULL DEFAULT '',
    duration interval NOT NULL CHECK (duration > '0' AND duration <= '24 hours'),
    buffer_before interval NOT NULL DEFAULT '0' CHECK (buffer_before >= '0' AND buffer_before <= '4 hours'),
    buffer_after interval NOT NULL DEFAULT '0' CHECK (buffer_after >= '0' AND buffer_after <= '4 hours'),
    step interval NOT NULL DEFAULT '15 minutes' CHECK (step >= '5 minutes' AND step <= '24 hours'),
    price integer CHECK (price >= 0),
    capacity smallint NOT NULL DEFAULT 1 CHECK (capacity = 1),
    position smallint NOT NULL DEFAULT 0,
    retired_at timestamptz,
    CONSTRAINT service_tenant_key UNIQUE (tenant_id, id)
);

CREATE TABLE service_practitioner (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    service_id bigint NOT NULL,
    practitioner_id bigint NOT NULL,
    CONSTRAINT service_practitioner_key UNIQUE (tenant_id, service_id, practitioner_id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id)
);

CREATE TABLE service_place (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    service_id bigint NOT NULL,
    place_id bigint NOT NULL,
    CONSTRAINT service_place_key UNIQUE (tenant_id, service_id, place_id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
"""

BACKWARDS = """DROP TABLE service_place, service_practitioner, service;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS
        + practice_rows("service", "service_practitioner", "service_place")
        + readable_by_worker("service"),
        backwards=BACKWARDS,
    )
