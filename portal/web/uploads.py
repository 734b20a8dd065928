"""A file that came with a form, once `read_form` has let the form in."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

FORM_AROUND_A_FILE = 64 * 1024
"""What a form with a file may have beside the file's own bytes."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """`name` is whatever the browser says it was called: not to be trusted."""

    name: str
    content: bytes


async def read_upload(request: Request[Any, Any, Any], name: str, most: int) -> bytes | None:
    """At most one byte more than `most`, which is how one that is too large is known. None when none was chosen."""
    sent = await read_file(request, name, most)
    return sent.content if sent else None


async def read_file(request: Request[Any, Any, Any], name: str, most: int) -> SentFile | None:
    """The same, with its name."""
    upload = (await request.form()).get(name)
    if not isinstance(upload, UploadFile):
        return None
    try:
        return SentFile(upload.filename or "", await upload.read(most + 1))
    finally:
        await upload.close()


async def file_name(request: Request[Any, Any, Any], name: str) -> str:
    """As its sender called it: without folders, and without signs that cannot be shown."""
    upload = (await request.form()).get(name)
    if not isinstance(upload, UploadFile):
        return ""
    last = upload.filename.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200]
