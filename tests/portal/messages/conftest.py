from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from portal.settings import Settings
from tests.cast import Cast
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN, FakeTwilio, fake_twilio
from tests.portal.messages.mail_server import MailServer, mail_server
from tests.portal.messages.texting import Texting


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with fake_twilio() as server:
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


@pytest.fixture
def sms_settings(settings: Settings, twilio: FakeTwilio) -> Settings:
    return replace(
        settings,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_sender=NUMBER,
        twilio_base_url=twilio.url,
    )


@pytest.fixture
def texting(cast: Cast, owner: asyncpg.Connection, sms_settings: Settings, twilio: FakeTwilio) -> Texting:
    return Texting(cast, owner, sms_settings, twilio)
