"""How templates speak: `_`, `ngettext` and `{% trans %}` take the words given to each rendering."""

from typing import Any

from jinja2 import Environment

from portal.languages.phones import say_phone
from portal.languages.words import Words


def teach_languages(environment: Environment) -> None:
    """Words come with each rendering, never from the environment: two readers may be served at once."""
    environment.add_extension("jinja2.ext.i18n")
    environment.filters["phone"] = say_phone
    environment.policies["ext.i18n.trimmed"] = True  # as in the extraction, or no sentence would be found


def spoken(words: Words) -> dict[str, Any]:
    """What a template's context needs to speak."""
    return {
        "_": words.gettext,
        "gettext": words.gettext,
        "ngettext": words.ngettext,
        "pgettext": words.pgettext,
        "npgettext": words.npgettext,
    }
