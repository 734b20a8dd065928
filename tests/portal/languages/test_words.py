"""Catalogues as they are read at run time, and as templates speak them."""

from pathlib import Path

from jinja2 import DictLoader, Environment, StrictUndefined

from portal.languages.templates import spoken, teach_languages
from portal.languages.words import offered_languages, words_in


def test_english_comes_first_and_every_catalogue_is_offered(project_root: Path) -> None:
    folders = sorted(path.name for path in (project_root / "locales").iterdir() if path.is_dir())

    assert offered_languages() == ("en", *folders)


def test_language_without_a_catalogue_is_answered_in_english() -> None:
    assert (words_in("xx").language, words_in("xx").gettext("tomorrow")) == ("en", "tomorrow")


def test_plurals_and_facts_are_filled() -> None:
    words = words_in("en")

    said = [words.ngettext("%(n)s place", "%(n)s places", n, n=n) for n in (0, 1, 2)]

    assert said == ["0 places", "1 place", "2 places"]


def test_percent_sign_without_facts_is_left_alone() -> None:
    assert words_in("en").gettext("100 % wool") == "100 % wool"


def test_template_speaks_and_escapes_what_people_typed() -> None:
    environment = Environment(
        loader=DictLoader({"page": "{% trans %}\n  Hello\n  {{ name }}{% endtrans %}"}),
        autoescape=True,
        undefined=StrictUndefined,
    )
    teach_languages(environment)

    page = environment.get_template("page").render(name="<Ana>", **spoken(words_in("en")))

    assert page == "Hello &lt;Ana&gt;"


def test_fact_that_brings_its_full_stop_ends_the_sentence() -> None:
    said = [words_in("en").gettext("Come at %(time)s. Then wait %(time)s.", time=time) for time in ("2 p.m.", "14:00")]

    assert said == ["Come at 2 p.m. Then wait 2 p.m.", "Come at 14:00. Then wait 14:00."]
