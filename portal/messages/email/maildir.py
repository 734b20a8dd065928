"""A folder into which a mail server lays one file for each message (https://cr.yp.to/proto/maildir.html).

Renaming is what only one of several workers can do: who has moved a file from `new` to `cur` has it. Once it is handled
it is marked as seen there; what was handled by nobody, since its worker was killed, is taken up a second time and never
a third.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

_TAKEN = ":2,"
_ONCE_MORE = ":2,F"  # "flagged": somebody may want to look at what nobody could handle
_SEEN = "S"
_LEFT_FOR = timedelta(minutes=10)


def is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in ("new", "cur", "tmp"))


def waiting_in(folder: Path, most: int, now: datetime) -> list[Path]:
    """Raises OSError when the folder cannot be read."""
    with os.scandir(folder / "new") as fresh:
        found = [Path(entry.path) for entry in islice((each for each in fresh if each.name[0] != "."), most)]
    with os.scandir(folder / "cur") as taken:
        return [*found, *islice(_left(taken, now - _LEFT_FOR), most)]


def _left(taken: Iterator[os.DirEntry[str]], before: datetime) -> Iterator[Path]:
    for entry in taken:
        with suppress(FileNotFoundError):
            if entry.name.endswith(_TAKEN) and entry.stat(follow_symlinks=False).st_ctime < before.timestamp():
                yield Path(entry.path)


def take(path: Path) -> Path | None:
    """Where it is from now on; None when somebody else has it."""
    folder = path.parent.parent / "cur"
    name = path.name.removesuffix(_TAKEN)
    there = folder / (name.partition(":")[0] + _TAKEN if path.parent.name == "new" else name + _ONCE_MORE)
    try:
        path.rename(there)
    except FileNotFoundError:
        return None
    return there


def read(path: Path, largest: int) -> bytes | None:
    """None for what is no plain file, or larger."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(number, "rb") as file:  # noqa: PTH123 - by its number, so that it is the file that was looked at
        found = os.fstat(number)
        return file.read(largest) if stat.S_ISREG(found.st_mode) and found.st_size <= largest else None


def mark_handled(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.rename(path.with_name(path.name + _SEEN))


def put_back(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.rename(path.parent.parent / "new" / path.name.partition(":")[0])
