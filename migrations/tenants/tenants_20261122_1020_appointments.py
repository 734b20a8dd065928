from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, readable_by_worker, statements

ID = "2026-11-22T10:20:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep appointments, and keep two of them from one practitioner's same time"

FORWARDS = """
CREATE TABLE appointment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT appointment_ref_key UNIQUE,
    tenant_id bigint NOT NULL,
    client_record_id bigint NOT NULL,
    practitioner_id bigint NOT NULL,
    service_id bigint NOT NULL,
    place_id bigint NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    blocked_from timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    sequence integer NOT NULL DEFAULT 0,
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    booking_key text NOT NULL,
    booked_at timestamptz NOT NULL,
    booked_by text NOT NULL CHECK (booked_by IN ('client', 'staff')),
    moved_at timestamptz,
    cancelled_at timestamptz,
    cancelled_by text CHECK (cancelled_by IN ('client', 'staff')),
    cancel_reason text NOT NULL DEFAULT '' CHECK (length(cancel_reason) <= 500),
    no_show_at timestamptz,
    CHECK (starts_at < ends_at),
    -- What looks for busy times may look back this far and no further.
    CHECK (blocked_from <= starts_at AND ends_at <= blocked_until AND blocked_until - blocked_from <= '32 hours'),
    CHECK ((cancelled_at IS NULL) = (cancelled_by IS NULL)),
    CONSTRAINT appointment_booking_key UNIQUE (tenant_id, booking_key),
    CONSTRAINT appointment_tenant_key UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, client_record_id) REFERENCES client_record (tenant_id, id),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id),
    -- Nobody is booked twice at one time. The practitioner stands as a range of one number, so that no extension is needed.
    CONSTRAINT appointment_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    ) WHERE (cancelled_at IS NULL)
);
CREATE INDEX appointment_practitioner ON appointment (tenant_id, practitioner_id, starts_at);
CREATE INDEX appointment_client ON appointment (client_record_id, starts_at);

GRANT SELECT ON appointment TO portal_person;
CREATE POLICY appointment_person ON appointment FOR SELECT TO portal_person
    USING (client_record_id = ANY (ARRAY(SELECT id FROM client_record)));
"""

BACKWARDS = """DROP TABLE appointment;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("appointment") + readable_by_worker("appointment"),
        backwards=BACKWARDS,
    )
