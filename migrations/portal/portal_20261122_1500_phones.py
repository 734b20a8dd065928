from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from migrations.statements import statements

ID = "2026-11-22T15:00:00:000001"
VERSION = "1.38.0"
DESCRIPTION = "Keep people's phones, and send codes to them"

FORWARDS = """
ALTER TABLE person
    ADD COLUMN mobile_phone text NOT NULL DEFAULT '' CHECK (length(mobile_phone) <= 16),
    ADD COLUMN mobile_verified_at timestamptz,
    ADD COLUMN home_phone text NOT NULL DEFAULT '' CHECK (length(home_phone) <= 16);

-- Not every code goes to an e-mail address any more, nor does every message.
ALTER TABLE code RENAME COLUMN email TO sent_to;
ALTER INDEX code_email RENAME TO code_sent_to;
ALTER TABLE account_message RENAME COLUMN to_email TO sent_to;
ALTER TABLE account_message ADD COLUMN channel text NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'sms'));
"""

BACKWARDS = """
DELETE FROM account_message WHERE channel = 'sms';
ALTER TABLE account_message DROP COLUMN channel;
ALTER TABLE account_message RENAME COLUMN sent_to TO to_email;
ALTER INDEX code_sent_to RENAME TO code_email;
ALTER TABLE code RENAME COLUMN sent_to TO email;
ALTER TABLE person DROP COLUMN home_phone, DROP COLUMN mobile_verified_at, DROP COLUMN mobile_phone;
"""


async def forwards() -> MigrationManager:
    return statements("portal", ID, DESCRIPTION, forwards=FORWARDS, backwards=BACKWARDS)
