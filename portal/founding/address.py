"""Where a practice's page is, as one gives it to others."""

from portal.settings import Settings


def page_address(settings: Settings, slug: str) -> str:
    return f"{settings.public_url}/p/{slug}"
