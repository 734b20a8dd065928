"""The catalogues in `locales/`: `python -m portal.languages.catalogues update` writes them, `check` compares."""

import re
import sys
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from portal.languages.words import LOCALES, offered_languages

ROOT = LOCALES.parent
TEMPLATE = LOCALES / "messages.pot"
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
_IDLE_HEADERS = re.compile(
    rb'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    rb"|Language-Team|Generated-By): .*\n",
    re.MULTILINE,
)


def extract() -> Catalog:
    """Every sentence of code and templates, as `[tool.babel]` in pyproject.toml says."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: _options(mapping) for mapping in mappings}
    catalog = Catalog(charset="utf-8", header_comment="", fuzzy=False)
    found = extract_from_dir(
        ROOT, methods, options, comment_tags=("Translators:",), strip_comment_tags=True, directory_filter=_holds_words
    )
    for path, _line, message, comments, context in found:
        catalog.add(message, locations=[(path, 0)], auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Writes the template and brings each language up to it; nothing is guessed from similar sentences."""
    template = extract()
    TEMPLATE.write_bytes(_written(template))
    for language in offered_languages()[1:]:
        path = _path(language)
        path.write_bytes(_written(_brought_up(read_catalogue(path, language), template)))


def troubles() -> list[str]:
    """What stands between the catalogues and a release, one sentence each."""
    template = extract()
    found = []
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != _written(template):
        found.append("locales/messages.pot is not what the sources say: run `make translations`")
    for language in offered_languages()[1:]:
        path = _path(language)
        catalogue = read_catalogue(path, language)
        if path.read_bytes() != _written(_brought_up(catalogue, template)):
            found.append(f"{language}: not in step with the sources: run `make translations`")
        found += [f"{language}: {trouble}" for trouble in incomplete(catalogue)]
    return found


def incomplete(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        texts = _texts(message.string)
        if not all(texts) or (message.pluralizable and len(texts) != catalogue.num_plurals):
            yield f"missing: {_texts(message.id)[0]!r}"
        elif message.fuzzy:
            yield f"fuzzy: {_texts(message.id)[0]!r}"
        elif not _same_placeholders(message):
            yield f"placeholders differ: {_texts(message.id)[0]!r}"


def read_catalogue(path: Path, language: str) -> Catalog:
    with path.open("rb") as po:
        return read_po(po, locale=language)


def _brought_up(catalogue: Catalog, template: Catalog) -> Catalog:
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def _same_placeholders(message: Message) -> bool:
    """A plural form may leave its number out ("one appointment"); no form may ask for a fact nobody gives."""
    offered = set().union(*map(_placeholders, _texts(message.id)))
    said = [_placeholders(text) for text in _texts(message.string)]
    return all(names <= offered for names in said) and set().union(*said) == offered


def _placeholders(text: str) -> set[str]:
    return {percent or brace for percent, brace in _PLACEHOLDER.findall(text)}


def _texts(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said or ""] if said is None or isinstance(said, str) else list(said)


def _written(catalogue: Catalog) -> bytes:
    """Without dates, tools and line numbers: the same sentences give the same bytes."""
    out = BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False)
    return _IDLE_HEADERS.sub(b"", out.getvalue()).strip() + b"\n"


def _options(mapping: dict[str, object]) -> dict[str, object]:
    return {key: str(value) for key, value in mapping.items() if key not in {"pattern", "method"}}


def _holds_words(folder: str | Path) -> bool:
    """Extraction walks `portal/` alone, and not what npm or a build puts there."""
    parts = Path(folder).relative_to(ROOT).parts
    return bool(parts) and parts[0] == "portal" and "static" not in parts


def _path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update"]:
            update()
            return 0
        case ["check"]:
            found = troubles()
            sys.stdout.writelines(f"{trouble}\n" for trouble in found)
            return 1 if found else 0
        case _:
            sys.stderr.write("python -m portal.languages.catalogues update|check\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
