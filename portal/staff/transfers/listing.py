"""Every import and export of the practice, so that one can be left and found again."""

from litestar import get
from litestar.response import Template

from portal.database import practice_lens
from portal.staff.desk import TheAdminDesk
from tenants.transfer.jobs import list_jobs


@get("/desk/{slug:str}/transfers")
async def list_transfers(admin_desk: TheAdminDesk) -> Template:
    async with practice_lens(admin_desk.practice):
        jobs = await list_jobs(admin_desk.practice)
    return admin_desk.page("desk/transfers/list.html", jobs=jobs)
