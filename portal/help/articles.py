"""The articles, read once per language from the Markdown files beside this one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

from portal.help.folding import folded
from portal.languages.words import SOURCE_LANGUAGE
from portal.web.assets import asset_if_built

ROOM = Path(__file__).parent
FOR_CLIENTS = (
    "booking",
    "sign-in",
    "changing",
    "requested",
    "waiting",
    "reminders",
    "addresses",
    "details",
    "connections",
    "reading",
)
FOR_PRACTICES = (
    "start",
    "calendar",
    "rooms",
    "services",
    "hours",
    "rules",
    "requests",
    "waiting-list",
    "clients",
    "moving-in",
    "messages",
    "team",
    "page",
    "audit",
)
NAMES = (*FOR_CLIENTS, *FOR_PRACTICES)


@dataclass(frozen=True, slots=True)
class Article:
    """`lead` is its first paragraph, the summary, as it is shown.

    `parts` are what it says piece by piece, without its title, `chapters` its headings with their anchors.
    """

    name: str
    title: str
    summary: str
    lead: Markup
    body: Markup
    chapters: tuple[tuple[str, str], ...]
    parts: tuple[str, ...]


def find_article(name: str, language: str) -> Article | None:
    return articles(language).get(name)


@cache
def articles(language: str) -> dict[str, Article]:
    """In the order of the contents. A language without articles reads those in English."""
    folder = ROOM / language if (ROOM / language).is_dir() else ROOM / SOURCE_LANGUAGE
    return {name: read_article(name, (folder / f"{name}.md").read_text(encoding="utf-8")) for name in NAMES}


def read_article(name: str, text: str) -> Article:
    """Its first line is the title, its first paragraph what it is about."""
    tokens = _markdown.parse(text)
    title, summary = _said(tokens[1]), _said(tokens[4])
    chapters = tuple(_with_anchors(tokens))
    parts = tuple(said for token in tokens[3:] if token.type == "inline" and (said := _said(token)))
    lead, body = _drawn(tokens[3:6]), _drawn(tokens[6:])
    return Article(name, title, summary, lead, body, chapters, parts)


def _drawn(tokens: Sequence[Token]) -> Markup:
    return Markup(_markdown.renderer.render(tokens, _markdown.options, {}))  # noqa: S704 - our own files, HTML off


def _with_anchors(tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Gives each heading below the title an id; those of the first level below it are the chapters."""
    chapters, taken = [], set()
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag != "h1":
            title = _said(inline)
            anchor = re.sub(r"[^a-z0-9]+", "-", folded(title)).strip("-") or "chapter"
            while anchor in taken:
                anchor += "-2"
            taken.add(anchor)
            opening.attrSet("id", anchor)
            if opening.tag == "h2":
                chapters.append((anchor, title))
    return chapters


def _said(inline: Token) -> str:
    return "".join(
        " " if child.type == "softbreak" else child.content
        for child in inline.children or []
        if child.type in {"text", "code_inline", "softbreak"}
    ).strip()


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: object, env: object) -> str:  # noqa: ARG001
    """A picture of our own in `static/help`; one that was not taken yet is left out."""
    token = tokens[index]
    address = asset_if_built(f"help/{Path(str(token.attrs['src'])).name}")
    if address is None:
        return ""
    words = Markup.escape(token.content)
    return f'<img class="help-picture" src="{address}" alt="{words}" loading="lazy" width="1000" height="700">'


_markdown = MarkdownIt("commonmark", {"html": False, "typographer": False})
_markdown.add_render_rule("image", _image)
