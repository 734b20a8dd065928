"""Where settings come from besides the environment: `.env`, files with secrets, the installation's own key."""

import os
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from portal.cannot_start import CannotStart


def dotenv_values(path: Path) -> dict[str, str]:
    """Lines `NAME=value`; `#` begins a comment line; quotes around a value fall away."""
    if not path.is_file():
        return {}
    values = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = line.strip()
        if not entry or entry.startswith("#"):
            continue
        name, equals, value = entry.partition("=")
        if not equals:
            raise CannotStart(f"{path} line {number} is not of the form NAME=value.")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def with_secret_files(given: Mapping[str, str], secret_names: Iterable[str]) -> dict[str, str]:
    """A secret may stand in a file named by NAME_FILE, as container platforms hand them over."""
    values = dict(given)
    for name in secret_names:
        path = values.pop(f"{name}_FILE", "")
        if not path:
            continue
        if values.get(name):
            raise CannotStart(f"{name} and {name}_FILE are both set; keep one of them.")
        try:
            values[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise CannotStart(f"{name}_FILE names a file that cannot be read.") from None
    return values


def kept_secret_key(data_dir: Path) -> str:
    """An embedded installation's own key, made once; two starts at once get the same one."""
    path = data_dir / "secret_key"
    draft = data_dir / f".secret_key.{secrets.token_hex(4)}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(48), encoding="utf-8")
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return path.read_text(encoding="utf-8").strip()
    except OSError as trouble:
        raise CannotStart(f"The data folder {data_dir} cannot be used: {trouble.strerror}.") from None
