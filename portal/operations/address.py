import hmac
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

from portal.operations.cluster import DATABASE, cluster_folder, socket_folder
from portal.settings import Settings

APP_ROLE = "portal_app"


@dataclass(frozen=True)
class DatabaseAddress:
    """`owner_dsn` migrates, backs up and restores; None where only the pages' own role is known to us."""

    app_dsn: str = field(repr=False)
    owner_dsn: str | None = field(repr=False)


def database_address(settings: Settings) -> DatabaseAddress:
    """Computed from the settings alone, so every process of an installation finds the same database."""
    if settings.database_url is None:
        folder = quote(str(socket_folder(cluster_folder(settings.data_dir))))
        return DatabaseAddress(
            app_dsn=f"postgresql://{APP_ROLE}@/{DATABASE}?host={folder}",
            owner_dsn=f"postgresql://postgres@/{DATABASE}?host={folder}",
        )
    if urlsplit(settings.database_url).username == APP_ROLE:
        return DatabaseAddress(app_dsn=settings.database_url, owner_dsn=None)
    return DatabaseAddress(app_dsn=_as_app(settings), owner_dsn=settings.database_url)


def app_password(secret_key: str) -> str:
    """Derived, so that the owner's process which sets it and the pages' processes which use it need no exchange."""
    return hmac.new(secret_key.encode(), b"password of portal_app", "sha256").hexdigest()


def _as_app(settings: Settings) -> str:
    assert settings.database_url is not None
    parts = urlsplit(settings.database_url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_ROLE}:{app_password(settings.secret_key)}@{where}"))
