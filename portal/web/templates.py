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
    return JinjaTemplateEngine.from_environment(environment)
