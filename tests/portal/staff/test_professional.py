import re

import asyncpg

from tests.browser import Browser
from tests.cast import Cast
from tests.factories import insert
from tests.portal.staff.forms import POLICY, SERVICE, add_hours, close, who


async def test_professional_reads_settings_without_a_way_to_save(theo: Browser, cast: Cast) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    for page in ("services", f"services/{service}", "policy"):
        await theo.get(f"/desk/harbour/{page}")

        assert theo.page.status_code == 200, page
        assert [form for form in re.findall(r'method="post" action="([^"]+)"', theo.text) if "Save" in form] == []
        assert "Save</button>" not in theo.text, page


async def test_professional_cannot_change_what_admins_keep(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await theo.get("/desk/harbour/services")
    token = re.findall(r'name="_csrf" value="([^"]+)"', theo.page.text)[0]

    for page, fields in (
        ("services/new", SERVICE),
        (f"services/{service}", SERVICE),
        (f"services/{service}/retirement", {}),
        (f"services/{service}/return", {}),
        ("policy", POLICY),
    ):
        await theo.post(f"/desk/harbour/{page}", token=token, **fields)
        assert theo.page.status_code == 404, page
    assert await owner.fetchval("SELECT count(*) FROM service WHERE name = 'Shockwave' OR retired_at IS NOT NULL") == 0


async def test_professional_keeps_own_hours_and_nobody_else_s(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await add_hours(theo, cast, "Theo Roy")
    assert theo.page.status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM opening_hours WHERE weekday = 5") == 2  # and Lea's Saturday

    await add_hours(theo, cast, "Nora Blake")
    assert theo.page.status_code == 404
    of_nora = await owner.fetchval(
        "SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1",
        cast.harbour.practitioners["Nora Blake"]["id"],
    )
    assert (await theo.get(f"/desk/harbour/hours/{of_nora}")).status_code == 404


async def test_professional_closes_for_themselves_alone(theo: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    nora, own = who(cast, "Nora Blake"), who(cast, "Theo Roy")
    for whom, ticked in (("all", []), (nora, []), ("some", [own, nora])):
        await close(theo, whom=whom, practitioner=ticked)
        assert theo.page.status_code == 404, whom
    assert await owner.fetchval("SELECT count(*) FROM closure") == 0

    await close(theo, whom=own)
    assert theo.page.status_code == 200

    of_all = await insert(
        owner,
        "closure",
        tenant_id=cast.harbour.tenant.id,
        ref="holidays22",
        starts_at=cast.harbour.at(2026, 12, 24),
        ends_at=cast.harbour.at(2026, 12, 27),
    )
    for door in ("", "/removal"):
        await theo.post(f"/desk/harbour/closures/{of_all['ref']}{door}", whom=own)
        assert theo.page.status_code == 404, door
        await theo.get("/desk/harbour/closures")
    await theo.get(f"/desk/harbour/closures/{of_all['ref']}/appointments")
    assert theo.page.status_code == 200
    assert 'href="/desk/harbour/closures/holidays"' not in theo.text
    assert (await theo.get("/desk/harbour/closures/holidays")).status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM closure") == 2
