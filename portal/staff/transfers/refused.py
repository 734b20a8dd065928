"""The rows that were refused, as a file that can be mended and imported again."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from portal.staff.desk import TheDesk
from portal.staff.transfers.sending import send_file
from tenants.team.permissions import Permission
from tenants.transfer.files import file_size
from tenants.transfer.jobs import find_job


@get("/desk/{slug:str}/transfers/imports/{ref:str}/refused", needs=Permission.TRANSFER)
async def send_refused(desk: TheDesk, ref: FromPath[str]) -> Stream:
    async with desk.lens():
        job = await find_job(desk.practice, ref, "import")
        size = await file_size(desk.practice, job.id, "refused")
    if not size:
        raise NotFoundException
    name = desk.viewer.words.gettext("refused rows")
    return send_file(desk, job, "refused", f"{name} {desk.viewer.today}.csv", "text/csv; charset=utf-8", size)
