"""Mail templates: MJML for the HTML part, plain text beside it, both spoken in the reader's words."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from mjml import mjml2html

from portal.languages.templates import spoken, teach_languages
from portal.languages.words import Words

TEMPLATES = Path(__file__).parents[2] / "templates"


def written_out(name: str, words: Words, facts: dict[str, Any]) -> tuple[str, str]:
    """The HTML and the text of `mail/<name>`. What people typed is escaped before MJML reads it."""
    context = {**spoken(words), **facts}
    markup = _environment().get_template(f"mail/{name}.mjml").render(context)
    text = _environment().get_template(f"mail/{name}.txt").render(context)
    return mjml2html(markup), text


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("mjml",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    teach_languages(environment)
    return environment
