"""What the documents name exists: paths, commands, settings."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.__main__ import COMMANDS
from portal.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCUMENTS = [
    path.relative_to(ROOT)
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
]
ROOMS = "portal|tenants|tests|docs|locales|migrations"
GENERATED = {"docs/benchmarks.md"}
"""Written by a run that not every checkout has seen."""


def words(document: Path) -> str:
    return (ROOT / document).read_text()


def named_paths(document: Path) -> Iterator[Path]:
    """In backticks from the project's folder, in links from the document's own."""
    text = words(document)
    for name in re.findall(rf"`((?:{ROOMS})/[\w./-]*)`", text):
        yield ROOT / name
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        yield (ROOT / document).parent / target


def tree_paths() -> Iterator[Path]:
    """Each line of the README's tree, below the folders that it is indented under."""
    [tree] = re.findall(r"```text\n(portal/.*?)```", words(Path("README.md")), re.DOTALL)
    above: list[str] = []
    for line in tree.splitlines():
        name = line.split()[0]
        depth = (len(line) - len(line.lstrip())) // 2
        above = [*above[:depth], name]
        yield ROOT / "".join(above)


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_paths_named_in_documents_exist(document: Path) -> None:
    missing = {str(path.relative_to(ROOT)) for path in named_paths(document) if not path.exists()}

    assert missing - GENERATED == set()


def test_readme_tree_is_the_real_one() -> None:
    drawn = set(tree_paths())
    rooms = {path.parent for room in ("portal", "tenants") for path in (ROOT / room).glob("*/__init__.py")}

    assert {str(path) for path in drawn if not path.exists()} == set()
    assert rooms - drawn == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_commands_named_in_documents_exist(document: Path) -> None:
    text = words(document)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) - targets == set()
    assert set(re.findall(r"python -m portal ([a-z]+)", text)) - set(COMMANDS) == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_settings_named_in_documents_exist(document: Path) -> None:
    known = {PREFIX + name.upper() for name in Settings.__dataclass_fields__}
    named = {name.removesuffix("_FILE") for name in re.findall(rf"{PREFIX}[A-Z_]+", words(document))}

    assert named - known == set()
