"""The lock files: `update` makes them anew, `check` says whether they still fit pyproject.toml.

They carry hashes and name no registry, so that they serve wherever the packages come from.
"""

import json
import re
import subprocess
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": ["pyproject.toml"],
    "requirements-geo.txt": ["pyproject.toml", "--extra", "geo"],
    "requirements-build.txt": ["--group", "build"],
    "requirements-dev.txt": ["pyproject.toml", "--group", "dev"],
}
# Bracketed letters, or this file would find itself.
REGISTRY = re.compile(r"p[y]pi\.org|p[y]thonhosted|n[p]mjs|npm\.r[e]gistry|d[e]b\.debian", re.IGNORECASE)


def main() -> int:
    if sys.argv[1:] == ["update"]:
        update()
    trouble = [*outdated(), *registries_named()]
    print("\n".join(trouble) or "Locks fit pyproject.toml; no registry is named.")
    return 1 if trouble else 0


def update() -> None:
    for name, asked in LOCKS.items():
        command = ["uv", "pip", "compile", *asked, "--universal", "--generate-hashes"]
        command += ["--no-emit-index-url", "--no-header", "--quiet", "--output-file", name]
        subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=True)
        lock = ROOT / name
        lock.write_text(f"{stamp()}\n{lock.read_text(encoding='utf-8')}", encoding="utf-8")


def stamp() -> str:
    """The hash of what is asked for; tool settings in the same file may change freely."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = asked["project"]
    what = [project["dependencies"], project["optional-dependencies"], project["requires-python"]]
    what += [asked["dependency-groups"], asked["build-system"]]
    return f"# `make locks` made this file from pyproject.toml {sha256(json.dumps(what).encode()).hexdigest()[:16]}"


def outdated() -> list[str]:
    first_lines = {name: (ROOT / name).read_text(encoding="utf-8").partition("\n")[0] for name in LOCKS}
    return [f"{name} is older than pyproject.toml: make locks" for name, line in first_lines.items() if line != stamp()]


def registries_named() -> list[str]:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = []
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        text = path.read_text(encoding="utf-8", errors="ignore") if path.is_file() else ""
        if REGISTRY.search(text) or (path.name == "package-lock.json" and '"resolved"' in text):
            found.append(f"{name} names a package registry")
    return found


if __name__ == "__main__":
    sys.exit(main())
