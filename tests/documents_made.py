"""Files of every kind, as small as they can be; and documents in a record, written by the database's owner."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import asyncpg
from PIL import Image

from tenants.refs import new_ref
from tests.factories import LONG_AGO, insert
from tests.photos import encoded

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HEIC = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + b"\x00" * 40
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def picture(kind: str) -> bytes:
    return encoded(Image.new("RGB", (4, 4), "white"), kind)


def packed(parts: dict[str, bytes], *, method: int = ZIP_DEFLATED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content, ZIP_STORED if name == "mimetype" else method)
    return written.getvalue()


def office(main: str, **more: bytes) -> bytes:
    """DOCX, XLSX: `main` is the kind of its main part."""
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), "word/document.xml": b"<document/>", **more})


def open_document(kind: str, **more: bytes) -> bytes:
    said = f"application/vnd.oasis.opendocument.{kind}".encode()
    return packed({"mimetype": said, "content.xml": b"<office/>", **more})


SAMPLES = {
    "pdf": PDF,
    "png": picture("PNG"),
    "jpeg": picture("JPEG"),
    "webp": picture("WEBP"),
    "heic": HEIC,
    "text": "Trois séries de dix, matin et soir.\n".encode(),
    "docx": office(_WORD),
    "odt": open_document("text"),
    "xlsx": office(_SHEET),
    "ods": open_document("spreadsheet"),
}


async def document_made(owner: asyncpg.Connection, record: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A PDF called exercises.pdf that nobody has shared yet."""
    content: bytes = more.pop("content", PDF)
    values = {
        "tenant_id": record["tenant_id"],
        "client_record_id": record["id"],
        "ref": new_ref(),
        "name": "exercises.pdf",
        "kind": "pdf",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "created_at": LONG_AGO,
        "created_by": "nora@harbour.example",
    }
    document = await insert(owner, "client_document", **{**values, **more})
    await insert(owner, "document_content", id=document["id"], tenant_id=record["tenant_id"], content=content)
    return document
