from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import practice_rows, statements

ID = "2026-11-22T10:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep booking policies, and slots held while a form is filled"

FORWARDS = """
CREATE TABLE booking_policy (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL CONSTRAINT booking_policy_tenant_key UNIQUE REFERENCES practice (id),
    minimum_notice interval NOT NULL DEFAULT '2 hours' CHECK (minimum_notice >= '0' AND minimum_notice <= '90 days'),
    horizon interval NOT NULL DEFAULT '90 days' CHECK (horizon >= '1 day' AND horizon <= '730 days'),
    cancel_notice interval NOT NULL DEFAULT '24 hours' CHECK (cancel_notice >= '0' AND cancel_notice <= '90 days'),
    move_notice interval NOT NULL DEFAULT '24 hours' CHECK (move_notice >= '0' AND move_notice <= '90 days'),
    mercy interval NOT NULL DEFAULT '5 minutes' CHECK (mercy >= '0' AND mercy <= '24 hours'),
    daily_limit integer CHECK (daily_limit >= 1)
);

CREATE TABLE hold (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant_id bigint NOT NULL,
    key text NOT NULL CONSTRAINT hold_key_key UNIQUE,
    browser text,
    practitioner_id bigint NOT NULL,
    service_id bigint NOT NULL,
    place_id bigint NOT NULL,
    any_practitioner boolean NOT NULL DEFAULT false,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    blocked_from timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    released_at timestamptz,
    email text NOT NULL DEFAULT '' CHECK (length(email) <= 254),
    first_name text NOT NULL DEFAULT '' CHECK (length(first_name) <= 100),
    last_name text NOT NULL DEFAULT '' CHECK (length(last_name) <= 100),
    phone text NOT NULL DEFAULT '' CHECK (length(phone) <= 40),
    note text NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
    code_ref text,
    CHECK (blocked_from <= starts_at AND starts_at < ends_at AND ends_at <= blocked_until),
    FOREIGN KEY (tenant_id, practitioner_id) REFERENCES practitioner (tenant_id, id),
    FOREIGN KEY (tenant_id, service_id) REFERENCES service (tenant_id, id),
    FOREIGN KEY (tenant_id, place_id) REFERENCES place (tenant_id, id),
    -- Whoever wants the time of an expired hold releases it first; only the clock of a door knows what has expired.
    CONSTRAINT hold_single EXCLUDE USING gist (
        int8range(practitioner_id, practitioner_id, '[]') WITH &&,
        tstzrange(blocked_from, blocked_until) WITH &&
    ) WHERE (released_at IS NULL)
);
CREATE INDEX hold_practitioner ON hold (tenant_id, practitioner_id, starts_at) WHERE released_at IS NULL;
CREATE INDEX hold_browser ON hold (tenant_id, browser) WHERE released_at IS NULL;
CREATE INDEX hold_expiry ON hold (expires_at);

-- "Free until Tuesday 14:00" is said on the page that lists all practices.
GRANT SELECT ON booking_policy TO portal_person;
CREATE POLICY booking_policy_person ON booking_policy FOR SELECT TO portal_person
    USING (tenant_id = ANY (ARRAY(SELECT tenant_id FROM client_record)));

GRANT SELECT, DELETE ON hold TO portal_worker;
CREATE POLICY hold_worker ON hold TO portal_worker USING (true);
"""

BACKWARDS = """DROP TABLE hold, booking_policy;
"""


async def forwards() -> MigrationManager:
    return statements(
        "tenants", ID, DESCRIPTION, forwards=FORWARDS + practice_rows("booking_policy", "hold"), backwards=BACKWARDS
    )
