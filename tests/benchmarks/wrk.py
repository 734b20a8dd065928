"""Load over HTTP with wrk, from requests that were prepared before."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 32
PATIENCE = 10  # seconds
_SCRIPT = Path(__file__).with_name("wrk.lua")
_BETWEEN = b"\x1e"  # what no request contains


@dataclass(frozen=True)
class Load:
    """`refused` are answers of 400 and above, `late` those that took longer than `PATIENCE`. Times in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float
    slowest: float
    refused: int
    unconnected: int
    broken: int
    late: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def is_there() -> bool:
    return shutil.which("wrk") is not None


def get(path: str, port: int, cookies: str = "") -> bytes:
    return _request("GET", path, port, cookies).encode()


def post(path: str, port: int, cookies: str, form: str) -> bytes:
    more = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n"
    return _request("POST", path, port, cookies, more).encode() + form.encode()


def _request(method: str, path: str, port: int, cookies: str, more: str = "") -> str:
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept-Language: en\r\n{cookie}{more}\r\n"


def drive(port: int, requests: Sequence[bytes], seconds: float, *, once: bool = False) -> Load:
    """Round and round for that time; `once` ends when each request has been sent, if that comes first."""
    with tempfile.NamedTemporaryFile(prefix="carnet-bench-") as file:
        file.write(_BETWEEN.join(requests))
        file.flush()
        how = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", f"--timeout={PATIENCE}s", f"--script={_SCRIPT}"]
        what = [f"http://127.0.0.1:{port}", "--", file.name, "once" if once else "again"]
        done = subprocess.run(["wrk", *how, *what], check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"wrk gave up: {done.stderr.strip()}")
    told = json.loads(done.stdout.partition("RESULT ")[2])
    return Load(
        requests=told["requests"],
        seconds=told["microseconds"] / 1e6,
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        slowest=told["slowest"] / 1000,
        **{name: told[name] for name in ("refused", "unconnected", "broken", "late")},
    )
