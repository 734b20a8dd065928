"""Where tests keep what nobody wants after them."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH = 4_000_000_000  # bytes; two workers have a handful of data folders at once, each of up to 300 MB


@cache
def scratch() -> Path:
    """In memory where there is room for it: dozens of database servers made, copied and stopped would wait for a disk.

    Not so in containers, which are given 64 MB of it unless told otherwise.
    """
    try:
        with tempfile.TemporaryFile(dir=_MEMORY):
            roomy = shutil.disk_usage(_MEMORY).free > _ENOUGH
    except OSError:
        roomy = False
    return _MEMORY if roomy else Path(tempfile.gettempdir())


def new_folder(prefix: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=prefix, dir=scratch()))
