"""Fetches the current City file, once a week being often enough; the pages see it when they start again."""

import asyncio
from argparse import Namespace
from datetime import timedelta
from tarfile import TarError

from aiohttp import ClientError
from pygeoipupdate import AuthenticationError, Config, GeoIPUpdateError, Updater

from portal.cannot_start import CannotStart
from portal.people.places import EDITION, fetched_folder
from portal.settings import Settings

MAXMIND = "https://updates.maxmind.com"
_PATIENCE = timedelta(minutes=1)


def run(settings: Settings, _: Namespace) -> int:
    changed = asyncio.run(update(settings))
    where = fetched_folder(settings) / f"{EDITION}.mmdb"
    print(f"{where} is new; start the pages again." if changed else f"{where} is the current one already.")
    return 0


async def update(settings: Settings, host: str = MAXMIND, patience: timedelta = _PATIENCE) -> bool:
    """Whether there was a newer one. What was there stays until the new one is whole. Raises CannotStart."""
    if settings.maxmind_account_id is None or settings.maxmind_license_key is None:
        raise CannotStart("PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY are needed to fetch the file.")
    folder = fetched_folder(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        config = Config(
            account_id=settings.maxmind_account_id,
            license_key=settings.maxmind_license_key,
            edition_ids=(EDITION,),
            database_directory=folder,
            host=host,
            retry_for=patience,
        )
        async with Updater(config) as updater:
            [result] = await updater.run()
    except AuthenticationError:
        raise CannotStart(
            "MaxMind refuses the account: check PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY."
        ) from None
    except (GeoIPUpdateError, ClientError, OSError, TarError, EOFError, ValueError) as reason:
        raise CannotStart(f"The GeoIP file could not be fetched ({type(reason).__name__}); try again later.") from None
    return result.old_hash != result.new_hash
