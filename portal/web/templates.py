from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine

from portal.languages.templates import teach_languages

TEMPLATES = Path(__file__).parent.parent / "templates"


class _Pages(Environment):
    """`row.name` of a dict is its key, found at once; Jinja would look for a method of that name first."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def template_engine() -> JinjaTemplateEngine:
    """Everything is escaped, and a fact that a page forgot is an error instead of an empty place."""
    environment = _Pages(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    teach_languages(environment)
    environment.filters["allowed"] = _allowed
    return JinjaTemplateEngine.from_environment(environment)


def _allowed(ways: list[tuple[str, ...]], desk: Any) -> list[tuple[str, ...]]:
    """Of the ways in `desk/_ways.html` those that this desk's member may go: the fourth part is what each needs."""
    return [way for way in ways if desk.may(way[3])]
