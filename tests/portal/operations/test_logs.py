import json
import logging
from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.params import FromPath
from litestar.testing import TestClient

from portal.logs import JsonLines, TextLines, logged

SECRET = "ana@example.org"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO, "portal.logs"):
        yield caplog


@get("/appointments/{ref:str}")
async def page(ref: FromPath[str]) -> str:
    logging.getLogger("portal.page").warning("could not write to %s", SECRET)
    return ref


def requested(path: str) -> int:
    app = Litestar([page], logging_config=None)
    with TestClient(logged(app)) as client:
        return client.get(path, headers={"cookie": f"sign={SECRET}"}).status_code


def test_a_request_is_told_by_its_route(lines: pytest.LogCaptureFixture) -> None:
    requested(f"/appointments/k3j9?email={SECRET}")
    facts = lines.records[-1].__dict__["facts"]

    assert facts.pop("ms") >= 0
    assert facts == {"method": "GET", "route": "/appointments/{ref}", "status": 200}


def test_a_page_that_does_not_exist_is_told_without_its_path(lines: pytest.LogCaptureFixture) -> None:
    requested(f"/people/{SECRET}")

    assert lines.records[-1].__dict__["facts"]["route"] == "(no such page)"


@pytest.mark.parametrize("formatter", [TextLines(), JsonLines()])
def test_lines_hold_no_addresses(lines: pytest.LogCaptureFixture, formatter: logging.Formatter) -> None:
    requested(f"/appointments/{SECRET}?email={SECRET}")
    told = [formatter.format(record) for record in lines.records]

    assert [line for line in told if "example.org" in line] == []
    assert "could not write to (address)" in told[0]


def test_an_error_is_told_without_the_row_that_caused_it() -> None:
    error = ValueError("duplicate key\nDETAIL:  Key (email)=(Ana Silva) already exists.\nHINT: none")
    record = logging.LogRecord("portal", logging.ERROR, "", 0, "failed", None, (ValueError, error, None))
    trace = json.loads(JsonLines().format(record))["trace"]

    assert "Ana Silva" not in trace
    assert trace.endswith("HINT: none")


def test_json_lines_name_their_instant_in_utc() -> None:
    record = logging.LogRecord("portal", logging.INFO, "", 0, "hello", None, None)
    record.created = 1_795_000_000.25

    assert json.loads(JsonLines().format(record)) == {
        "at": "2026-11-18T11:06:40.250+00:00",
        "level": "info",
        "logger": "portal",
        "message": "hello",
        "request": "-",
    }
