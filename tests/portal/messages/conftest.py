from collections.abc import AsyncIterator

import pytest

from portal.settings import Settings
from tests.portal.messages.mail_server import MailServer, mail_server


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(smtp: MailServer) -> Settings:
    return Settings(
        smtp_host="127.0.0.1",
        smtp_port=smtp.port,
        smtp_tls="none",
        mail_from="Carnet <carnet@portal.example>",
        public_url="https://portal.example",
        secret_key="a secret of forty characters for testing",
    )
