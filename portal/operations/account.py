"""PostgreSQL refuses to run as root. For root, the owner of the data folder runs it, or an account made for that."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from portal.cannot_start import CannotStart
from portal.operations.programs import programs_folder

ACCOUNT = "carnet"
_PASS_THROUGH = stat.S_IXOTH
_READ_AND_ENTER = stat.S_IROTH | stat.S_IXOTH


def database_account(folder: Path) -> pwd.struct_passwd | None:
    """Who runs the PostgreSQL of this folder; None means whoever runs this process."""
    if os.geteuid() != 0:
        _refuse_foreign_owner(folder)
        return None
    if folder.exists():
        owner = folder.stat().st_uid
        if owner == 0:
            raise CannotStart(f"The data folder {folder} belongs to root, but PostgreSQL does not run as root.")
        return _entry(owner)
    return _made_account()


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments for subprocess that start a program as that account and with none of root's groups."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def make_reachable(folder: Path) -> None:
    """Lets the account pass through, but not list, the folders above the data and the programs."""
    installed = programs_folder().parent
    if installed.stat().st_mode & _READ_AND_ENTER != _READ_AND_ENTER:
        for path in (installed, *installed.rglob("*")):
            if not path.is_symlink():
                _add(path, _READ_AND_ENTER if path.is_dir() else path.stat().st_mode >> 6 & _READ_AND_ENTER)
    for parent in {*folder.parents, *installed.parents}:
        _add(parent, _PASS_THROUGH)


def _refuse_foreign_owner(folder: Path) -> None:
    for path in (folder, folder.parent):
        if path.exists() and (owner := path.stat().st_uid) not in {os.geteuid(), 0}:
            name = _entry(owner).pw_name
            raise CannotStart(
                f"The data folder {path} belongs to {name}; start Carnet as {name} or choose another folder."
            )


def _entry(uid: int) -> pwd.struct_passwd:
    """An account without a name (a container's number) still can run programs."""
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return pwd.struct_passwd((f"user {uid}", "x", uid, uid, "", "/", "/bin/sh"))


def _made_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--user-group", ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise CannotStart(f"The account {ACCOUNT}, which runs PostgreSQL for root, could not be made.") from None
    return pwd.getpwnam(ACCOUNT)


def _add(path: Path, permissions: int) -> None:
    mode = path.stat().st_mode
    if mode & permissions != permissions:
        path.chmod(mode | permissions)
