"""A file that came with a form, once `read_form` has let the form in."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

FORM_AROUND_A_FILE = 64 * 1024
"""What a form with a file may have beside the file's own bytes."""


async def read_upload(request: Request[Any, Any, Any], name: str, most: int) -> bytes | None:
    """At most one byte more than `most`, which is how one that is too large is known. None when none was chosen."""
    upload = (await request.form()).get(name)
    if not isinstance(upload, UploadFile):
        return None
    try:
        return await upload.read(most + 1)
    finally:
        await upload.close()


async def file_name(request: Request[Any, Any, Any], name: str) -> str:
    """As its sender called it: without folders, and without signs that cannot be shown."""
    upload = (await request.form()).get(name)
    if not isinstance(upload, UploadFile):
        return ""
    last = upload.filename.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable())[:200]
