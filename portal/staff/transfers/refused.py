"""The rows that were refused, as a file that can be mended and imported again."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from portal.database import practice_lens
from portal.staff.desk import TheAdminDesk
from portal.staff.transfers.sending import send_file
from tenants.transfer.files import file_size
from tenants.transfer.jobs import find_job


@get("/desk/{slug:str}/transfers/imports/{ref:str}/refused")
async def send_refused(admin_desk: TheAdminDesk, ref: FromPath[str]) -> Stream:
    desk = admin_desk
    async with practice_lens(desk.practice):
        job = await find_job(desk.practice, ref, "import")
        size = await file_size(desk.practice, job.id, "refused")
    if not size:
        raise NotFoundException
    name = desk.viewer.words.gettext("refused rows")
    return send_file(desk, job, "refused", f"{name} {desk.viewer.today}.csv", "text/csv; charset=utf-8", size)
