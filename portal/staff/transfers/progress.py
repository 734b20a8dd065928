"""How far the worker is: a fragment that asks again each second, and once it is over makes its page load again."""

from typing import Any

from litestar import Response
from litestar.response import Template

from portal.staff.desk import Desk
from portal.web.given import AnyRequest
from tenants.transfer.jobs import Job

NO_CONTENT = 204


def progress_answer(request: AnyRequest, desk: Desk, job: Job) -> Response[Any] | Template:
    if "hx-request" in request.headers and not job.under_way:
        return Response(None, status_code=NO_CONTENT, headers={"HX-Refresh": "true"})
    return desk.page("desk/transfers/_progress.html", job=job)
