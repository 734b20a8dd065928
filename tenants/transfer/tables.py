from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Integer, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Transfer(OwnedByTenant, tablename="transfer"):
    """One import or export. `asked_for` is what the worker is to do next: "check", "apply", "export", or "".

    `done` of `total` are rows. From `emptied_at` on its files are gone and the row is the practice's log.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    kind = Text()
    form = Text()
    by_email = Text()
    file_name = Text()
    settings = JSONB()
    counts = JSONB()
    created_at = Timestamptz()
    asked_for = Text()
    asked_at = Timestamptz(null=True, default=None)
    claimed_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    done = BigInt(default=0)
    total = BigInt(default=0)
    checked_at = Timestamptz(null=True, default=None)
    finished_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    failure = Text()
    cancelled_at = Timestamptz(null=True, default=None)
    emptied_at = Timestamptz(null=True, default=None)


class TransferChunk(OwnedByTenant, tablename="transfer_chunk"):
    """A piece of a file: of what was uploaded, of the rows refused, or of what an export has made."""

    id = BigSerial(primary_key=True)
    transfer_id = BigInt()
    part = Text()
    number = Integer()
    bytes = Bytea()


class TransferDownload(OwnedByTenant, tablename="transfer_download"):
    """Who took an export away, and when."""

    id = BigSerial(primary_key=True)
    transfer_id = BigInt()
    at = Timestamptz()
    by_email = Text()


class ClientNumber(OwnedByTenant, tablename="client_number"):
    """What another program calls a client; a client may have one of each program."""

    id = BigSerial(primary_key=True)
    client_record_id = BigInt()
    number = Text()
