"""The folder in which the embedded PostgreSQL keeps its data, and the folder of its socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from portal.cannot_start import CannotStart
from portal.operations.account import as_account
from portal.operations.programs import ENVIRONMENT, MAJOR_VERSION, bundled_program

DATABASE = "carnet"
SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 103  # sun_path holds 104 bytes on macOS and 108 on Linux, the final zero among them


def cluster_folder(data_dir: Path) -> Path:
    return data_dir.resolve() / "postgres"


def socket_folder(folder: Path) -> Path:
    """The data folder itself, which nobody else can enter, unless a socket's path would get too long there."""
    if len(os.fsencode(folder / SOCKET)) <= _LONGEST_SOCKET_PATH:
        return folder
    return Path(tempfile.gettempdir()) / f"carnet-{sha256(os.fsencode(folder)).hexdigest()[:16]}"


def prepare_cluster(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Makes the folder when there is none; refuses one that is not ours."""
    if folder.exists() and any(folder.iterdir()):
        _check_version(folder)
    else:
        _create(folder, account)
    _prepare_socket_folder(socket_folder(folder), account)


def _check_version(folder: Path) -> None:
    try:
        version = (folder / "PG_VERSION").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise CannotStart(f"The folder {folder} is not empty and holds no PostgreSQL data.") from None
    if version != str(MAJOR_VERSION):
        raise CannotStart(
            f"The folder {folder} holds data of PostgreSQL {version}; this Carnet brings version {MAJOR_VERSION}."
        )


def _create(folder: Path, account: pwd.struct_passwd | None) -> None:
    """Under another name first: a start that is killed half-way leaves nothing that looks finished."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    if account:
        os.chown(draft, account.pw_uid, account.pw_gid)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"]
    _run("initdb", "--pgdata", draft, "--username=postgres", "--auth=trust", *locale, account=account)
    create = f"CREATE DATABASE {DATABASE};\n"
    _run("postgres", "--single", "-D", draft, "template1", account=account, input_text=create)
    draft.rename(folder)


def _run(program: str, *arguments: str | Path, account: pwd.struct_passwd | None, input_text: str = "") -> None:
    done = subprocess.run(
        [bundled_program(program), *arguments],
        check=False,
        capture_output=True,
        text=True,
        input=input_text,
        cwd="/",
        env=ENVIRONMENT,
        **as_account(account),
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["nothing"])[-1]
        raise CannotStart(f"The embedded database could not be made: {program} says “{said}”.")


def _prepare_socket_folder(folder: Path, account: pwd.struct_passwd | None) -> None:
    """In a shared temporary folder somebody may have been there first: whoever owns it could pose as our server."""
    owner = account.pw_uid if account else os.geteuid()
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
    if folder.is_symlink() or folder.stat().st_uid != owner:
        raise CannotStart(f"The folder {folder}, needed for the database's socket, belongs to somebody else.")
