import asyncio
import time
from datetime import timedelta

import asyncpg
import pytest

from portal.clock import wall_clock
from portal.database import practice_lens
from portal.transfers.reading import look_into
from portal.transfers.work import do_next
from tenants.transfer.jobs import Begun, ask_for, begin, find_job
from tests.cast import Cast


async def test_speed(cast: Cast, owner: asyncpg.Connection) -> None:
    n = 20000
    rows = ["First name,Last name,E-mail,Phone,Birthday,Tags,ID"] + [
        f"Client,{i},client-{i}@example.org,416 555 {i % 10000:04},1980-02-{i % 28 + 1:02},knee,{i}" for i in range(n)
    ]
    data = "\r\n".join(rows).encode()
    tenant = cast.harbour.tenant
    for _ in range(2):
        t0 = time.time()
        looked = await asyncio.to_thread(look_into, data, "CA")
        async with practice_lens(tenant):
            ref = await begin(tenant, Begun("import", looked.form, "x.csv", looked.settings, looked.rows), "nora@harbour.example", wall_clock(), data)
        t1 = time.time()
        async with practice_lens(tenant):
            await ask_for(tenant, ref, "check", wall_clock())
        assert await do_next(asyncio.Event(), wall_clock)
        async with practice_lens(tenant):
            print(await find_job(tenant, ref, "import"))
        t2 = time.time()
        async with practice_lens(tenant):
            await ask_for(tenant, ref, "apply", wall_clock())
        assert await do_next(asyncio.Event(), wall_clock)
        t3 = time.time()
        async with practice_lens(tenant):
            print(await find_job(tenant, ref, "import"))
        print("UP", t1 - t0, "CHECK", t2 - t1, "APPLY", t3 - t2)
    for form in ("csv", "json", "vcard"):
        t3 = time.time()
        async with practice_lens(tenant):
            ref = await begin(tenant, Begun("export", form, "x", {}, 0, "export"), "n", wall_clock())
        assert await do_next(asyncio.Event(), wall_clock)
        async with practice_lens(tenant):
            print(await find_job(tenant, ref, "export"))
        print(form, time.time() - t3)
    assert 0
