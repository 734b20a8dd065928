from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine

from portal.languages.templates import teach_languages

TEMPLATES = Path(__file__).parent.parent / "templates"


def template_engine() -> JinjaTemplateEngine:
    """Everything is escaped, and a fact that a page forgot is an error instead of an empty place."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    teach_languages(environment)
    return JinjaTemplateEngine.from_environment(environment)
