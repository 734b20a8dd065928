"""The practice as it stands now, and the way back to a form that has been saved."""

from typing import Any

from litestar.response import Redirect, Template

from portal.staff.desk import Desk
from portal.web.given import AnyRequest
from portal.web.practice import Signs
from tenants.page.sign import find_sign
from tenants.practices.tenant import Tenant, tenant_from


async def as_it_stands(desk: Desk) -> Tenant:
    """The sign that a process remembers may be two seconds old, and would show what was there before."""
    async with desk.lens():
        return tenant_from(await find_sign(desk.practice))


def saved(request: AnyRequest, desk: Desk, page: str, *, slug: str | None = None) -> Redirect:
    """`slug` is the practice's new one."""
    signs: Signs = request.app.state.signs
    signs.forget(desk.practice.slug)
    return Redirect(f"/desk/{slug or desk.practice.slug}/page/{page}?saved=yes", status_code=303)


def was_saved(request: AnyRequest) -> bool:
    return "saved" in request.query_params


async def page_of(desk: Desk, name: str, *, status: int = 200, **facts: Any) -> Template:
    """Each of these pages is drawn as the practice is now, whatever was remembered of it."""
    practice = await as_it_stands(desk)
    return desk.page(
        f"desk/page/{name}.html",
        status_code=status,
        **{"practice": practice, "here": f"{desk.path}/page/{name}", "saved": False, **facts},
    )
