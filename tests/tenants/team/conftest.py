from collections.abc import Iterator

import pytest

from tests.tenants.booking.rivals import Rivals


@pytest.fixture(scope="session")
def processes(app_dsn: str) -> Iterator[Rivals]:
    """Four of them, started once."""
    rivals = Rivals(app_dsn, 4)
    yield rivals
    rivals.stop()
