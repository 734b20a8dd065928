"""A file as an answer, once whoever asked has been found to be allowed to have it: to be saved, never to be run."""

import unicodedata
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

# Even where a browser shows it all the same, it runs nothing, asks for nothing and is of no origin.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def unchanged(request: Request[Any, Any, Any], tag: str) -> Response[Any] | None:
    """The answer to a browser that has the very bytes that `tag` stands for; None for one that has not."""
    if f'"{tag}"' not in request.headers.get("if-none-match", ""):
        return None
    return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=_kept_by_asking(tag))


def as_download(content: bytes, name: str, media_type: str, tag: str) -> Response[bytes]:
    """Whoever has it asks again before showing it again: it may be theirs no longer."""
    headers = _kept_by_asking(tag) | {
        "Content-Disposition": disposition(name),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


def disposition(name: str) -> str:
    """RFC 6266, with the name as RFC 8187 has it, and beside it what remains of it in ASCII."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = "".join(sign if sign.isprintable() and sign not in '"\\%' else "-" for sign in plain)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _kept_by_asking(tag: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache"}
