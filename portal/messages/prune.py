"""What nobody needs any more goes: expired holds, old codes, ended connections, what was removed, old files."""

from datetime import datetime, timedelta

from portal.database import people_transaction, worker_lens
from portal.messages.tables import IncomingText, OutboxMail, OutboxText
from portal.people.address_undo import prune_undos
from portal.people.codes import prune_codes
from portal.people.connections import prune_connections
from portal.people.known_devices import prune_known_devices
from portal.people.not_me import prune_not_me_links
from portal.people.pace import prune_counts
from portal.people.photos import prune_photos
from tenants.booking.hold import prune_holds
from tenants.documents.remove import prune_documents
from tenants.hours.reopen import prune_removed
from tenants.transfer.claim import prune_transfers

OUTBOX_KEPT = timedelta(days=7)
TEXTS_KEPT = timedelta(days=30)
"""What phones wrote: long after Twilio would tell it again. What a practice was to read, it keeps itself."""


async def prune(now: datetime) -> None:
    async with worker_lens():
        await prune_holds(now)
        await prune_removed(now)
        await prune_transfers(now)
        await prune_documents(now)
    async with people_transaction():
        await prune_codes(now)
        await prune_undos(now)
        await prune_not_me_links(now)
        await prune_known_devices(now)
        await prune_counts(now)
        await prune_connections(now)
        await prune_photos(now)
        await OutboxMail.delete().where(OutboxMail.created_at < now - OUTBOX_KEPT)
        await OutboxText.delete().where(OutboxText.created_at < now - OUTBOX_KEPT)
        await IncomingText.delete().where(
            IncomingText.handled_at.is_not_null() & (IncomingText.received_at < now - TEXTS_KEPT)
        )
