"""Fetching the City file, from an update server of the test's own that speaks as MaxMind's does."""

import base64
import io
import tarfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import md5
from pathlib import Path

import pytest
from aiohttp import web

from portal.cannot_start import CannotStart
from portal.operations.geoip import update
from portal.people.places import Places, places_file
from portal.settings import Settings
from tests.geoip_file import TORONTO, write_city_file

# pygeoipupdate 0.1 signs in with what aiohttp 4 will no longer have; both are held below that.
pytestmark = [
    pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'auth' parameter is deprecated:DeprecationWarning"),
]

ACCOUNT, KEY = 12345, "a-licence-key"


@dataclass
class UpdateServer:
    """https://dev.maxmind.com/geoip/updating-databases/: the sum of what there is, then the file in an archive."""

    content: bytes
    status: int = 200
    damage: bytes = b""
    downloads: int = 0
    port: int = field(default=0, init=False)

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def tell(self, request: web.Request) -> web.Response:
        if trouble := self._refusal(request):
            return trouble
        assert request.query["edition_id"] == "GeoLite2-City"
        entry = {"edition_id": "GeoLite2-City", "date": "2026-11-20", "md5": md5(self.content).hexdigest()}
        return web.json_response({"databases": [entry]})

    async def send(self, request: web.Request) -> web.Response:
        if trouble := self._refusal(request):
            return trouble
        self.downloads += 1
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            inside = self.content + self.damage
            entry = tarfile.TarInfo("GeoLite2-City_20261120/GeoLite2-City.mmdb")
            entry.size = len(inside)
            archive.addfile(entry, io.BytesIO(inside))
        return web.Response(body=packed.getvalue(), headers={"Last-Modified": "Fri, 20 Nov 2026 09:00:00 GMT"})

    def _refusal(self, request: web.Request) -> web.Response | None:
        wanted = base64.b64encode(f"{ACCOUNT}:{KEY}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {wanted}":
            return web.Response(status=401)
        return web.Response(status=self.status) if self.status != 200 else None


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[UpdateServer]:
    fake = UpdateServer(write_city_file(tmp_path / "Current.mmdb").read_bytes())
    app = web.Application()
    app.router.add_get("/geoip/updates/metadata", fake.tell)
    app.router.add_get("/geoip/databases/GeoLite2-City/download", fake.send)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.port = runner.addresses[0][1]
    yield fake
    await runner.cleanup()


def settings(tmp_path: Path, key: str | None = KEY) -> Settings:
    return Settings(data_dir=tmp_path / "var", maxmind_account_id=ACCOUNT if key else None, maxmind_license_key=key)


async def refusal(asked: Settings, server: UpdateServer) -> str:
    with pytest.raises(CannotStart) as refused:
        await update(asked, server.host, timedelta())
    return str(refused.value)


async def test_fetched_file_is_where_places_are_looked_for(tmp_path: Path, server: UpdateServer) -> None:
    changed = await update(settings(tmp_path), server.host)

    file = places_file(settings(tmp_path))
    assert (changed, file) == (True, tmp_path / "var/geoip/GeoLite2-City.mmdb")
    found = Places.opened(file).find(TORONTO, "en")
    assert found is not None
    assert found.city == "Toronto"


async def test_current_file_is_not_fetched_again(tmp_path: Path, server: UpdateServer) -> None:
    changes = [await update(settings(tmp_path), server.host) for _ in range(2)]

    assert (changes, server.downloads) == ([True, False], 1)


async def test_refused_account_is_named(tmp_path: Path, server: UpdateServer) -> None:
    said = await refusal(settings(tmp_path, "another-key"), server)

    assert said == "MaxMind refuses the account: check PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY."


async def test_without_an_account_nothing_is_asked(tmp_path: Path, server: UpdateServer) -> None:
    said = await refusal(settings(tmp_path, None), server)

    assert said == "PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY are needed to fetch the file."


@pytest.mark.parametrize(("status", "damage"), [(500, b""), (404, b""), (200, b"not what was promised")])
async def test_what_goes_wrong_leaves_the_old_file(
    tmp_path: Path, server: UpdateServer, status: int, damage: bytes
) -> None:
    await update(settings(tmp_path), server.host)
    before = (tmp_path / "var/geoip/GeoLite2-City.mmdb").read_bytes()
    server.content, server.status, server.damage = server.content + b"\0", status, damage

    said = await refusal(settings(tmp_path), server)

    assert said.startswith("The GeoIP file could not be fetched (")
    assert (tmp_path / "var/geoip/GeoLite2-City.mmdb").read_bytes() == before
