from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements
from migrations.tenants.tenants_20261122_1822_for_whom import FORWARDS as FOR_WHOM

ID = "2026-11-23T01:30:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep a time while the practice decides about it; tell times in the zone of their place"

FORWARDS = """
-- A request is an appointment that nobody has agreed to yet: it keeps its time until `approve_by`. It ends once, by being
-- accepted, declined, or cancelled by the client or, when nobody answered in time, by the rule.
ALTER TABLE appointment
    DROP CONSTRAINT appointment_cancelled_by_check,
    ADD CONSTRAINT appointment_cancelled_by_check CHECK (cancelled_by IN ('client', 'staff', 'rule')),
    ADD COLUMN approve_by timestamptz,
    ADD COLUMN accepted_at timestamptz,
    ADD COLUMN accepted_by text CHECK (length(accepted_by) <= 254),
    ADD COLUMN declined_at timestamptz,
    ADD COLUMN pending boolean GENERATED ALWAYS AS
        (approve_by IS NOT NULL AND accepted_at IS NULL AND cancelled_at IS NULL) STORED NOT NULL,
    ADD CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    ADD CHECK (approve_by IS NOT NULL OR (accepted_at IS NULL AND declined_at IS NULL)),
    ADD CHECK (declined_at IS NULL OR (accepted_at IS NULL AND cancelled_at IS NOT NULL));
CREATE INDEX appointment_pending ON appointment (approve_by) WHERE pending;

ALTER TABLE booking_policy
    ADD COLUMN request_lasts interval NOT NULL DEFAULT '24 hours'
        CHECK (request_lasts >= '1 hour' AND request_lasts <= '14 days'),
    ADD COLUMN open_limit integer CHECK (open_limit >= 1),
    ADD COLUMN new_clients boolean NOT NULL DEFAULT true,
    ADD COLUMN offer_lasts interval NOT NULL DEFAULT '2 hours'
        CHECK (offer_lasts >= '15 minutes' AND offer_lasts <= '24 hours'),
    ADD COLUMN offer_to text NOT NULL DEFAULT 'one' CHECK (offer_to IN ('one', 'all'));

ALTER TABLE message
    DROP CONSTRAINT message_kind_check,
    ADD CONSTRAINT message_kind_check CHECK (kind IN (
        'booked', 'moved', 'cancelled', 'asked', 'reminder', 'budget_low', 'budget_spent',
        'requested', 'declined', 'lapsed', 'offered'
    ));
"""

BACKWARDS = """
DELETE FROM message WHERE kind IN ('requested', 'declined', 'lapsed', 'offered');
ALTER TABLE message
    DROP CONSTRAINT message_kind_check,
    ADD CONSTRAINT message_kind_check CHECK
        (kind IN ('booked', 'moved', 'cancelled', 'asked', 'reminder', 'budget_low', 'budget_spent'));
ALTER TABLE booking_policy
    DROP COLUMN offer_to, DROP COLUMN offer_lasts, DROP COLUMN new_clients, DROP COLUMN open_limit,
    DROP COLUMN request_lasts;
UPDATE appointment SET cancelled_by = 'staff' WHERE cancelled_by = 'rule';
ALTER TABLE appointment
    DROP COLUMN pending, DROP COLUMN declined_at, DROP COLUMN accepted_by, DROP COLUMN accepted_at,
    DROP COLUMN approve_by,
    DROP CONSTRAINT appointment_cancelled_by_check,
    ADD CONSTRAINT appointment_cancelled_by_check CHECK (cancelled_by IN ('client', 'staff'));
"""

_BEFORE = FOR_WHOM[FOR_WHOM.index("DROP FUNCTION own_list") :]


def _changed(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


# What one asks for is not one's next appointment before somebody has agreed to it.
_NOW = _changed(
    _BEFORE,
    (
        "practitioner_name text, for_name text, is_next",
        "practitioner_name text, for_name text, pending boolean, is_next",
    ),
    (
        "coalesce(children.first_name, ''), listed.is_next",
        "coalesce(children.first_name, ''), listed.pending, listed.is_next",
    ),
    ("ends_at > at AND cancelled_at IS NULL\n", "ends_at > at AND cancelled_at IS NULL AND NOT pending\n"),
    ("theirs.slug, theirs.name, theirs.zone,", "theirs.slug, theirs.name, coalesce(elsewhere.zone, theirs.zone),"),
    (
        "), children AS MATERIALIZED (",
        (
            "), elsewhere AS MATERIALIZED (\n            SELECT id, zone FROM place WHERE zone IS NOT NULL\n"
            "        ), children AS MATERIALIZED ("
        ),
    ),
    (
        "LEFT JOIN children ON children.id = listed.client_record_id\n",
        (
            "LEFT JOIN children ON children.id = listed.client_record_id\n"
            "        LEFT JOIN elsewhere ON elsewhere.id = listed.place_id\n"
        ),
    ),
    (
        "confirmed_at timestamptz, confirmed_by text, for_name text",
        (
            "confirmed_at timestamptz, confirmed_by text, for_name text, pending boolean, approve_by timestamptz,\n"
            "    accepted_at timestamptz, declined_at timestamptz"
        ),
    ),
    (
        "practice.slug, practice.name, practice.zone,",
        "practice.slug, practice.name, coalesce(place.zone, practice.zone),",
    ),
    (
        "WHERE id = appointment.client_record_id AND guardian_id IS NOT NULL), '')",
        (
            "WHERE id = appointment.client_record_id AND guardian_id IS NOT NULL), ''),\n"
            "               appointment.pending, appointment.approve_by, appointment.accepted_at, appointment.declined_at"
        ),
    ),
)


async def forwards() -> MigrationManager:
    return statements("tenants", ID, DESCRIPTION, forwards=FORWARDS + _NOW, backwards=_BEFORE + BACKWARDS)
