"""A kept file as a download, piece by piece, each on a lens of its own."""

from collections.abc import AsyncIterator
from urllib.parse import quote

from litestar.response import Stream

from portal.staff.desk import Desk
from tenants.transfer.columns import folded
from tenants.transfer.files import file_piece
from tenants.transfer.jobs import Job


def send_file(desk: Desk, job: Job, part: str, name: str, media_type: str, size: int) -> Stream:
    """Never shown in the page's own place, whatever it holds."""
    stem, _, ending = name.rpartition(".")
    plain = f"{folded(stem).replace(' ', '-')}.{ending}"  # for what knows no RFC 6266
    headers = {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}",
        "Content-Length": str(size),
        "Cache-Control": "private, no-store",
    }
    return Stream(_pieces(desk, job.id, part), media_type=media_type, headers=headers)


async def _pieces(desk: Desk, transfer_id: int, part: str) -> AsyncIterator[bytes]:
    number = 0
    while True:
        async with desk.lens():
            piece = await file_piece(desk.practice, transfer_id, part, number)
        if piece is None:
            return
        yield piece
        number += 1
