"""What practices share with one: found over all of them, and saved."""

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import person_lens, practice_lens
from portal.web.downloads import as_download, unchanged
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_document, own_documents
from tenants.documents.find import read_content
from tenants.documents.kinds import KINDS
from tenants.documents.share import note_opened
from tenants.refusals import NotFound

HERE = "/documents"
A_PAGE = 50
BESIDE_AN_APPOINTMENT = 3


@get(HERE)
async def show_documents(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    """`before` names the last document of the page before."""
    before = request.query_params.get("before", "")
    async with person_lens(signed_in(viewer).person_id):
        rows = await own_documents(before=before, most=A_PAGE + 1)
    if before and not rows:
        return Redirect(HERE, status_code=303)
    return viewer.page(
        "client/documents.html",
        documents=rows[:A_PAGE],
        practices=list(
            {row["practice_slug"]: {"slug": row["practice_slug"], "accent": row["accent"]} for row in rows}.values()
        ),
        older=rows[A_PAGE - 1]["ref"] if len(rows) > A_PAGE else None,
        before=before,
    )


@get(HERE + "/{ref:str}")
async def send_document(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Response[Any]:
    """Through the person's lens, so that another's document is no different from one that does not exist."""
    async with person_lens(signed_in(viewer).person_id):
        found = await own_document(ref)
        if found is None:
            raise NotFound("client_document")
        tenant, row = found
        content = b"" if (same := unchanged(request, row["sha256"])) else await read_content(row["id"])
    if row["opened_at"] is None:
        async with practice_lens(tenant):
            await note_opened(tenant, ref, viewer.now)
    return same or as_download(content, row["name"], KINDS[row["kind"]].media_type, row["sha256"])


async def documents_beside(viewer: Viewer, practice_slug: str) -> dict[str, Any]:
    """What `client/_practice_documents.html` asks for, as `documents`: the latest that this practice shares."""
    async with person_lens(signed_in(viewer).person_id):
        rows = await own_documents(practice=practice_slug, most=BESIDE_AN_APPOINTMENT + 1)
    return {"rows": rows[:BESIDE_AN_APPOINTMENT], "more": len(rows) > BESIDE_AN_APPOINTMENT}
