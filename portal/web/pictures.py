"""A photo as an answer, after whoever asked has been found to be allowed to see it."""

from typing import Any

from litestar import Request, Response
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from portal.people.photos import StoredPhoto

A_YEAR = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"


def as_image(request: Request[Any, Any, Any], photo: StoredPhoto, name: str, *, lasting: bool) -> Response[Any]:
    """`name` stands for these very bytes: a kept photo never changes, the next one has another ref.

    A draft is not to be found in any cache. What somebody may be shown today is asked for anew unless it is `lasting`.
    """
    if not photo.is_kept:
        return Response(photo.webp, media_type="image/webp")
    headers = {"Cache-Control": A_YEAR if lasting else ASK_AGAIN, "ETag": f'"{name}"'}
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(None, status_code=HTTP_304_NOT_MODIFIED, headers=headers)
    return Response(photo.webp, media_type="image/webp", headers=headers)
