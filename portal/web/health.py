"""For whoever watches the processes: alive, and able to serve."""

from litestar import Response, get

from portal.database import TROUBLE, read_row


@get("/health/live")
async def live() -> Response[str]:
    return Response("alive\n", media_type="text/plain")


@get("/health/ready")
async def ready() -> Response[str]:
    """503 while the database cannot be asked, so that a load balancer looks elsewhere."""
    try:
        await read_row("SELECT 1")
    except TROUBLE:
        return Response("the database does not answer\n", media_type="text/plain", status_code=503)
    return Response("ready\n", media_type="text/plain")
