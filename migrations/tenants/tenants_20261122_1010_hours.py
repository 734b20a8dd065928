from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T10:10:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep opening hours, dated exceptions and closures"

FORWARDS = """
CREATE TABLE opening_hours (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT opening_hours_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    practitioner_id bigint NOT NULL,
    place_id bigint NOT NULL,
    weekday smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    opens smallint NOT NULL CHECK (opens >= 0),
    closes smallint NOT NULL CHECK (closes <= 1440),
    from_day date,
    until_day date,
    CHECK (opens < closes),
    CHECK (from_day <= until_day),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
CREATE INDEX opening_hours_practitioner ON opening_hours (tenant_id, practitioner_id);

CREATE TABLE dated_opening (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT dated_opening_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    practitioner_id bigint NOT NULL,
    place_id bigint NOT NULL,
    day date NOT NULL,
    opens smallint CHECK (opens >= 0),
    closes smallint CHECK (closes <= 1440),
    CHECK (opens < closes),
    CHECK ((opens IS NULL) = (closes IS NULL)),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
CREATE INDEX dated_opening_practitioner ON dated_opening (tenant_id, practitioner_id, day);

CREATE TABLE closure (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT closure_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    practitioner_id bigint,
    place_id bigint,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    CHECK (starts_at < ends_at),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id)
);
CREATE INDEX closure_end ON closure (tenant_id, ends_at);
"""

BACKWARDS = """DROP TABLE closure, dated_opening, opening_hours;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("opening_hours", "dated_opening", "closure"),
        backwards=BACKWARDS,
    )
