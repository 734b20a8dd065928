from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T18:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Let staff share a time on purpose, in the constraint's own sight; keep series, and who has arrived"

FORWARDS = """
CREATE TABLE series (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref text NOT NULL CONSTRAINT series_ref_key UNIQUE,
    tenant_id bigint NOT NULL REFERENCES practice (id),
    every_weeks smallint NOT NULL CHECK (every_weeks BETWEEN 1 AND 52),
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    created_at timestamptz NOT NULL,
    CONSTRAINT series_tenant_key UNIQUE (tenant_id, id)
);

ALTER TABLE booking_policy ADD COLUMN overbooking boolean NOT NULL DEFAULT false;

ALTER TABLE closure
    ADD COLUMN holiday text CHECK (length(holiday) <= 40),
    ADD CONSTRAINT closure_holiday_key UNIQUE (tenant_id, holiday);

-- `shares` is the time that this appointment was laid over others on purpose. The rest of its blocked time it keeps from
-- everybody, as any appointment does: an override is cut out of the constraint, and only where it was meant.
ALTER TABLE appointment
    ADD COLUMN series_id bigint,
    ADD COLUMN shares tstzmultirange NOT NULL DEFAULT '{}',
    ADD COLUMN arrived_at timestamptz,
    ADD COLUMN completed_at timestamptz,
    ADD CHECK (no_show_at IS NULL OR (arrived_at IS NULL AND completed_at IS NULL)),
    ADD FOREIGN KEY (tenant_id, series_id) REFERENCES series (tenant_id, id),
    DROP CONSTRAINT appointment_single,
    ADD CONSTRAINT appointment_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        (tstzmultirange(tstzrange(blocked_from, blocked_until)) - shares) WITH &&
    ) WHERE (cancelled_at IS NULL);
CREATE INDEX appointment_series ON appointment (tenant_id, series_id, starts_at) WHERE series_id IS NOT NULL;

-- Once what was shared with has left, whoever shared keeps that time alone: in their order, each what no other keeps.
CREATE FUNCTION keep_what_is_left() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sharing record;
BEGIN
    FOR sharing IN
        SELECT id, tstzrange(blocked_from, blocked_until) AS blocked, shares FROM appointment
        WHERE tenant_id = OLD.tenant_id AND practitioner_id = OLD.practitioner_id AND id <> OLD.id
              AND starts_at > OLD.starts_at - '32 hours'::interval AND starts_at < OLD.ends_at + '32 hours'::interval
              AND cancelled_at IS NULL AND shares && tstzrange(OLD.blocked_from, OLD.blocked_until)
        ORDER BY id FOR NO KEY UPDATE
    LOOP
        UPDATE appointment SET shares = sharing.shares * coalesce((
            SELECT range_agg(tstzmultirange(tstzrange(other.blocked_from, other.blocked_until)) - other.shares)
            FROM appointment AS other
            WHERE other.tenant_id = OLD.tenant_id AND other.practitioner_id = OLD.practitioner_id
                  AND other.starts_at > lower(sharing.blocked) - '32 hours'::interval
                  AND other.starts_at < upper(sharing.blocked) + '32 hours'::interval
                  AND other.cancelled_at IS NULL AND other.id <> sharing.id
        ), '{}') WHERE tenant_id = OLD.tenant_id AND id = sharing.id;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER appointment_keeps_what_is_left
    AFTER UPDATE OF cancelled_at, practitioner_id, blocked_from, blocked_until ON appointment
    FOR EACH ROW WHEN (OLD.cancelled_at IS NULL) EXECUTE FUNCTION keep_what_is_left();

-- Who put an appointment where the rules would not have had it, over what, and why.
CREATE TABLE booking_override (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    appointment_id bigint NOT NULL,
    at timestamptz NOT NULL,
    by_email text NOT NULL CHECK (length(by_email) <= 254),
    what text NOT NULL CHECK (what IN ('overbooked', 'outside_hours')),
    over_id bigint,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 500),
    CHECK ((what = 'overbooked') = (over_id IS NOT NULL)),
    FOREIGN KEY (tenant_id, appointment_id) REFERENCES appointment (tenant_id, id),
    FOREIGN KEY (tenant_id, over_id) REFERENCES appointment (tenant_id, id)
);
CREATE INDEX booking_override_appointment ON booking_override (tenant_id, appointment_id);
"""

BACKWARDS = """
DROP TABLE booking_override;
DROP TRIGGER appointment_keeps_what_is_left ON appointment;
DROP FUNCTION keep_what_is_left();
ALTER TABLE appointment
    DROP CONSTRAINT appointment_single,
    DROP COLUMN completed_at, DROP COLUMN arrived_at, DROP COLUMN shares, DROP COLUMN series_id,
    ADD CONSTRAINT appointment_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    ) WHERE (cancelled_at IS NULL);
ALTER TABLE closure DROP CONSTRAINT closure_holiday_key, DROP COLUMN holiday;
ALTER TABLE booking_policy DROP COLUMN overbooking;
DROP TABLE series;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants",
        ID,
        DESCRIPTION,
        forwards=FORWARDS + practice_rows("series", "booking_override"),
        backwards=BACKWARDS,
    )
