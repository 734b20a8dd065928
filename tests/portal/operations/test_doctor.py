import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from portal.operations.checks.finding import Finding, Grade, fine, trouble, warning
from portal.operations.checks.surroundings import check_bounces, check_mail, check_places, check_settings, check_sms
from portal.operations.embedded import embedded_database
from portal.settings import Settings
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN, fake_twilio
from tests.portal.operations.installation import Installation, free_port


def lines(installation: Installation, **environ: str) -> tuple[int, dict[str, str]]:
    """The exit code, and each line by its subject."""
    done = installation.run("doctor", **environ)
    assert done.stderr == ""
    told = (line.partition(": ") for line in done.stdout.splitlines())
    return done.returncode, {head.split(maxsplit=1)[1]: f"{head.split()[0]} {words}" for head, _, words in told}


def arranged(installation: Installation, statement: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(installation.address.owner_dsn)
        await connection.execute(statement)
        await connection.close()

    with embedded_database(installation.data_dir):
        asyncio.run(execute())


async def mail_findings(**settings: object) -> list[Finding]:
    return [finding async for finding in check_mail(Settings(**settings))]  # type: ignore[arg-type]


def test_a_sound_installation_has_no_trouble(demo: Installation) -> None:
    code, told = lines(demo)

    assert code == 0
    assert list(told) == [
        "database",
        "tables",
        "roles",
        "row security",
        "sign-in",
        "settings",
        "SMS",
        "e-mail",
        "places",
        "front end",
    ]
    assert told["database"] == "OK PostgreSQL 18 answers."


@pytest.mark.parametrize(
    ("statement", "subject", "said"),
    [
        ("ALTER TABLE service DISABLE ROW LEVEL SECURITY", "row security", "service. Stop serving pages."),
        ("ALTER TABLE client_record OWNER TO portal_app", "row security", "client_record. Stop serving pages."),
        ("ALTER ROLE portal_app BYPASSRLS", "roles", "portal_app: more rights than wanted"),
        ("ALTER ROLE portal_app INHERIT", "roles", "portal_app: more rights than wanted"),
        ("ALTER ROLE portal_app NOLOGIN", "sign-in", "run `python -m portal migrate`"),
        ("DELETE FROM migration WHERE app_name = 'tenants'", "tables", "run `python -m portal migrate`"),
    ],
)
def test_a_hole_in_the_database_is_trouble(demo: Installation, statement: str, subject: str, said: str) -> None:
    arranged(demo, statement)
    code, told = lines(demo)

    assert code == 1
    assert told[subject].startswith("trouble")
    assert said.lower() in told[subject].lower()


def test_a_database_that_cannot_be_reached_does_not_hide_the_rest(installation: Installation) -> None:
    url = "postgresql://carnet:hush@127.0.0.1:1/carnet"
    code, told = lines(installation, PORTAL_DATABASE_URL=url, PORTAL_SECRET_KEY="k" * 32)

    assert code == 1
    assert told["database"].startswith("trouble The database at 127.0.0.1:1/carnet cannot be reached")
    assert told["front end"] == "OK The bundle is built."


async def test_a_mail_server_is_greeted_and_sent_nothing() -> None:
    server = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        found = await mail_findings(smtp_host="127.0.0.1", smtp_port=server.port, smtp_tls="none")
    finally:
        server.stop()

    assert found == [fine("e-mail", f"127.0.0.1:{server.port} accepts the connection.")]


async def test_a_mail_server_that_is_not_there_is_trouble() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        found = await mail_findings(smtp_host="127.0.0.1", smtp_port=unused.getsockname()[1], smtp_tls="none")

    assert [finding.grade for finding in found] == [Grade.TROUBLE]


async def test_without_a_mail_server_messages_are_only_printed() -> None:
    assert [finding.grade for finding in await mail_findings()] == [Grade.WARNING]


@pytest.mark.parametrize(
    ("folders", "grade"),
    [
        ((), Grade.TROUBLE),
        (("new", "cur"), Grade.TROUBLE),
        (("new", "cur", "tmp"), Grade.OK),
    ],
)
def test_bounce_mailbox_is_looked_at(tmp_path: Path, folders: tuple[str, ...], grade: Grade) -> None:
    maildir = tmp_path / "bounces"
    for name in folders:
        (maildir / name).mkdir(parents=True)

    assert [finding.grade for finding in check_bounces(Settings(bounce_maildir=maildir))] == [grade]


def test_bounce_mailbox_that_may_not_be_written_is_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the system, since whoever runs the tests may be allowed everything."""
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr("os.access", lambda path, _: path.name != "cur")

    assert list(check_bounces(Settings(bounce_maildir=tmp_path))) == [
        trouble("bounces", f"{tmp_path} may not be read and written by the user that the worker runs as.")
    ]


def test_without_a_bounce_mailbox_a_real_mail_server_is_warned_of() -> None:
    told = [[finding.grade for finding in check_bounces(Settings(smtp_host=host))] for host in (None, "mail")]

    assert told == [[], [Grade.WARNING]]


async def sms_finding(**settings: object) -> Finding:
    twilio = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_sender": NUMBER}
    (found,) = [finding async for finding in check_sms(Settings(**twilio | settings))]  # type: ignore[arg-type]
    return found


async def test_twilio_is_asked_for_the_account_and_sent_nothing() -> None:
    async with fake_twilio() as twilio:
        found = await sms_finding(twilio_base_url=twilio.url)

    assert found == fine("SMS", f"Twilio knows the account; messages come from {NUMBER}.")
    assert twilio.received == []


async def test_twilio_that_cannot_be_used_is_trouble() -> None:
    async with fake_twilio() as twilio:
        wrong_token = await sms_finding(twilio_base_url=twilio.url, twilio_auth_token="wrong")
        twilio.account_status = "suspended"
        suspended = await sms_finding(twilio_base_url=twilio.url)
    gone = await sms_finding(twilio_base_url=twilio.url)

    check = "check PORTAL_TWILIO_ACCOUNT_SID and PORTAL_TWILIO_AUTH_TOKEN."
    assert wrong_token == trouble("SMS", f"Twilio refuses (401 20003 Unable to fetch record: Authenticate); {check}")
    assert suspended == trouble("SMS", "Twilio says that the account is suspended; see to it in its console.")
    assert gone == trouble("SMS", "Twilio does not answer: ClientConnectorError.")


async def test_without_twilio_text_messages_are_only_printed() -> None:
    assert (await sms_finding(twilio_account_sid=None)).grade is Grade.WARNING


def test_the_demo_in_public_is_trouble() -> None:
    assert list(check_settings(Settings(demo=True, public_url="https://book.example.org"))) == [
        trouble("settings", "PORTAL_DEMO is on, so anybody can read every message at /outbox; switch it off.")
    ]


def test_unprotected_cookies_are_warned_of() -> None:
    assert list(check_settings(Settings(public_url="http://book.example.org"))) == [
        warning("settings", "PORTAL_PUBLIC_URL is not https://, so cookies travel unprotected.")
    ]


def test_a_file_that_holds_no_places_is_trouble(tmp_path: Path) -> None:
    file = tmp_path / "City.mmdb"
    file.write_text("no places", encoding="utf-8")

    assert list(check_places(Settings(geoip_path=file), datetime(2026, 11, 22, tzinfo=UTC))) == [
        trouble("places", f"{file} is not a GeoIP file; put a fresh one there.")
    ]
