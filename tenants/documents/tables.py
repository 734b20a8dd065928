from piccolo.columns import BigInt, BigSerial, Bytea, Integer, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ClientDocument(OwnedByTenant, tablename="client_document"):
    """`kind` is one of `kinds.KINDS`, `size` counts bytes, `name` ends as its kind does.

    The client finds it from `shared_at` on; `opened_at` is when they first did. What is removed can be put back for a
    day (`remove.KEPT_FOR`). `…_by` are addresses of staff.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    name = Text()
    note = Text()
    kind = Text()
    size = Integer()
    sha256 = Text()
    created_at = Timestamptz()
    created_by = Text()
    shared_at = Timestamptz(null=True, default=None)
    shared_by = Text()
    opened_at = Timestamptz(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)
    removed_by = Text()


class DocumentContent(OwnedByTenant, tablename="document_content"):
    """The bytes of the document of the same id, apart from what is listed."""

    id = BigInt(primary_key=True)
    content = Bytea()
