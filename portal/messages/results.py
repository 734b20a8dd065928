"""What became of a practice's messages, written for a batch at once."""

from collections.abc import Sequence

from portal.database import worker_lens
from portal.messages.queue import Outcome
from tenants.scope import fetch
from tenants.writing.spend import give_back

# The provider may have told already what became of it (`tenants.notifications.receipts`): that stands.
_RECORD = """
UPDATE message SET claimed_until = NULL, attempts = result.attempts,
       sent_at = coalesce(result.sent_at, message.sent_at), failed_at = coalesce(result.failed_at, message.failed_at),
       provider_id = coalesce(nullif(result.provider_id, ''), message.provider_id), skipped_at = result.skipped_at,
       failure = CASE WHEN result.skipped_at IS NOT NULL THEN ''
                      WHEN result.reason = '' AND message.failed_at IS NOT NULL THEN message.failure
                      ELSE result.reason END,
       skip_reason = CASE WHEN result.skipped_at IS NULL THEN '' ELSE result.reason END,
       next_attempt_at = coalesce(result.again_at, next_attempt_at)
FROM unnest($1::bigint[], $2::timestamptz[], $3::integer[], $4::timestamptz[], $5::text[], $6::timestamptz[],
            $7::timestamptz[], $8::timestamptz[], $9::text[])
     AS result (id, claimed_until, attempts, sent_at, provider_id, failed_at, skipped_at, again_at, reason)
WHERE message.id = result.id AND message.claimed_until = result.claimed_until
RETURNING message.id
"""

_TOGETHER = """
UPDATE message SET sent_at = speaker.sent_at, failed_at = speaker.failed_at, failure = speaker.failure,
       skipped_at = speaker.skipped_at, skip_reason = speaker.skip_reason, channel = speaker.channel,
       sent_to = speaker.sent_to, delivered_at = speaker.delivered_at, provider_state = speaker.provider_state
FROM message AS speaker WHERE message.told_with = speaker.id AND speaker.id = ANY ($1::bigint[])
"""


async def record_results(outcomes: Sequence[Outcome]) -> None:
    async with worker_lens():
        rows = await fetch(
            _RECORD,
            [each.row["id"] for each in outcomes],
            [each.row["claimed_until"] for each in outcomes],
            [each.attempts for each in outcomes],
            [each.sent_at for each in outcomes],
            [each.provider_id for each in outcomes],
            [each.failed_at for each in outcomes],
            [each.skipped_at for each in outcomes],
            [each.again_at for each in outcomes],
            [each.reason for each in outcomes],
        )
        written = {row["id"] for row in rows}
        await fetch(_TOGETHER, list(written))
        if failed := [each.row["id"] for each in outcomes if each.failed_at and each.row["id"] in written]:
            await give_back(failed)
