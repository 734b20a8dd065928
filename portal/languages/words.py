"""The words of one language, read from its catalogue."""

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALES = Path(__file__).parents[2] / "locales"
SOURCE_LANGUAGE = "en"
_ONE_O_CLOCK = re.compile(r"0?1(?!\d)")


@lru_cache(maxsize=1)
def offered_languages() -> tuple[str, ...]:
    """English, in which the product is written, then every language that has a folder in `locales/`."""
    translated = sorted(po.parents[1].name for po in LOCALES.glob("*/LC_MESSAGES/messages.po"))
    return (SOURCE_LANGUAGE, *translated)


def named_language(language: str) -> str:
    """In itself, as those who read it call it."""
    name = Locale(language).get_display_name() or language
    return name[:1].upper() + name[1:]


class Words:
    """What a sentence says in one language; `facts` fill its `%(name)s` places."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def gettext(self, message: str, /, **facts: object) -> str:
        return self._filled(str(self._catalogue.ugettext(message)), facts)

    def ngettext(self, singular: str, plural: str, n: int, /, **facts: object) -> str:
        return self._filled(str(self._catalogue.ungettext(singular, plural, n)), facts)

    def pgettext(self, context: str, message: str, /, **facts: object) -> str:
        return self._filled(str(self._catalogue.upgettext(context, message)), facts)

    def npgettext(self, context: str, singular: str, plural: str, n: int, /, **facts: object) -> str:
        return self._filled(str(self._catalogue.unpgettext(context, singular, plural, n)), facts)

    def _filled(self, message: str, facts: dict[str, object]) -> str:
        """A fact that brings its own full stop, like 2:30 p.m., ends the sentence with it.

        Spanish counts one hour and many: "a la 1:30", "a las 2:30".
        """
        if ")s." in message:
            for name, fact in facts.items():
                if str(fact).endswith("."):
                    message = message.replace(f"%({name})s.", f"%({name})s")
        if self.language == "es" and _ONE_O_CLOCK.match(str(facts.get("time", ""))):
            message = message.replace("las %(time)s", "la %(time)s")
        return message % facts if facts else message


@lru_cache
def words_in(language: str) -> Words:
    """Reads the catalogue once per process; a language that is not offered is answered in English."""
    if language == SOURCE_LANGUAGE or language not in offered_languages():
        return Words(SOURCE_LANGUAGE, NullTranslations())
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as po:
        catalogue = read_po(po, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(language, Translations(compiled))
