"""The house rules that a newcomer would break first. When one fails, ask which room is missing."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Each room imports only from the steps to its right, and from these anywhere: refusals and refs are words without rows.
STAIRCASE = [
    {"foreseen"},
    {"across", "due"},
    {"merge", "retention", "transfer"},
    {"arranging", "requests", "waiting"},
    {"booking"},
    {"reminders", "answers"},
    {"notifications"},
    {"appointments"},
    {"writing"},
    {"notes", "consents", "documents", "founding"},
    {"clients", "services", "team", "audit", "page"},
    {"hours", "resources"},
    {"practitioners", "places"},
    {"order"},
    {"scope"},
    {"practices"},
]
EVERYWHERE = {"refusals", "refs"}
PURE = {"availability"}
RECKONS_TIME = {"arranging", "requests", "waiting", "booking", "hours", "notifications", "page", "writing", "due"}
FORBIDDEN_WORDS = {"utils", "helpers", "common", "core", "manager", "misc", "service_layer"}
CLOCKS = {"datetime.now", "datetime.utcnow", "date.today", "time.time", "datetime.today"}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative imports hide which room is meant"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(path: Path) -> str:
    inside = path.relative_to(ROOT / "tenants").parts[0]
    return inside.removesuffix(".py")


def step_of(room: str) -> int:
    return next(number for number, rooms in enumerate(STAIRCASE) if room in rooms)


@pytest.mark.parametrize("path", modules("tenants"), ids=str)
def test_tenants_never_imports_a_door(path: Path) -> None:
    outside = {"portal", "litestar", "twilio", "jinja2", "babel", "aiosmtplib", "httpx"}

    roots = {name.split(".")[0] for name in imported_names(path)}

    assert roots & outside == set()


@pytest.mark.parametrize("path", modules("tenants"), ids=str)
def test_tenants_is_a_staircase(path: Path) -> None:
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imported_names(path) if name.startswith("tenants.")}
    if room in EVERYWHERE | PURE | {"__init__", "piccolo_app"}:
        allowed = {room} if room != "piccolo_app" else rooms
    else:
        right = {name for step in STAIRCASE[step_of(room) + 1 :] for name in step}
        allowed = right | EVERYWHERE | {room} | (PURE if room in RECKONS_TIME else set())

    assert rooms - allowed == set()


@pytest.mark.parametrize("path", modules("tenants/availability"), ids=str)
def test_availability_is_standard_library_only(path: Path) -> None:
    allowed = {
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "functools",
        "itertools",
        "typing",
        "zoneinfo",
        "tenants",
    }

    assert {name.split(".")[0] for name in imported_names(path)} - allowed == set()


@pytest.mark.parametrize("path", [*modules("tenants"), *modules("portal")], ids=str)
def test_clock_is_read_at_one_door(path: Path) -> None:
    if path == ROOT / "portal/clock.py":
        return
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}

    assert calls & CLOCKS == set()


@pytest.mark.parametrize("path", [*modules("tenants"), *modules("portal"), *modules("migrations")], ids=str)
def test_environment_is_read_in_settings_alone(path: Path) -> None:
    if path == ROOT / "portal/settings.py":
        return

    assert not re.search(r"os\.environ|os\.getenv|from os import .*environ", path.read_text())


SQL_TAKERS = {"raw", "run_ddl", "fetch", "fetch_first", "fetch_each", "fetchrow", "fetchval", "execute", "executemany"}


def is_fixed_text(node: ast.expr) -> bool:
    """A literal, a CONSTANT, or a sum of them."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add) and is_fixed_text(node.left) and is_fixed_text(node.right)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


@pytest.mark.parametrize("path", [*modules("tenants"), *modules("portal")], ids=str)
def test_sql_is_never_built_from_a_string_of_somebody(path: Path) -> None:
    """Values go beside the text, as arguments; anything else there would be a hole."""
    if path.parent.name == "operations" or path in {ROOT / "tenants/scope.py", ROOT / "portal/database.py"}:
        return  # the owner's own commands, and the two places that hand a text on
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in SQL_TAKERS or is_fixed_text(node.args[0]), f"{path}:{node.lineno}"


def test_every_room_says_what_lives_there() -> None:
    rooms = {path.parent for room in ("portal", "tenants") for path in modules(room)}

    for room in rooms:
        if "static" in room.parts or "node_modules" in room.parts:
            continue
        words = ast.get_docstring(ast.parse((room / "__init__.py").read_text()))
        assert words, room
        assert len(words.splitlines()) <= 4, room


def test_no_room_is_a_drawer() -> None:
    names = {
        part.removesuffix(".py") for room in ("portal", "tenants") for path in modules(room) for part in path.parts
    }

    assert names & FORBIDDEN_WORDS == set()


def test_files_stay_readable() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for room in ("portal", "tenants")
        for path in modules(room)
        if (lines := len(path.read_text().splitlines())) > 260
    }

    assert long == {}


@pytest.mark.parametrize("app", ["portal", "tenants"])
def test_every_migration_has_a_number_of_its_own(app: str) -> None:
    """Of two with one number the second would never run, and nothing would say so."""
    ids = [re.findall(r'^ID = "(.*)"$', path.read_text(), re.MULTILINE) for path in modules(f"migrations/{app}")]

    assert len({each for found in ids for each in found}) == len(ids) == sum(map(len, ids))


def test_no_room_hides_a_part_of_python() -> None:
    """A script in `portal/` finds its neighbours before the standard library."""
    assert {path.stem for path in (ROOT / "portal").iterdir()} & sys.stdlib_module_names == set()
