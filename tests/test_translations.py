"""The catalogues keep up with the sentences."""

from babel.messages.catalog import Catalog

from portal.languages.catalogues import incomplete, troubles


def test_catalogues_are_complete_and_in_step_with_the_sources() -> None:
    assert troubles() == []


def test_check_names_what_is_missing_fuzzy_or_asks_for_other_facts() -> None:
    catalogue = Catalog(locale="fr")
    catalogue.add("Book", "")
    catalogue.add("Move", "Déplacer", flags=["fuzzy"])
    catalogue.add("Hello %(name)s", "Bonjour %(nom)s")
    catalogue.add("Until %(day)s", "Jusqu’à la fin")
    catalogue.add(("One of %(n)s", "%(n)s of them"), ("Une", "%(n)s d’entre elles"))

    found = list(incomplete(catalogue))

    assert found == [
        "missing: 'Book'",
        "fuzzy: 'Move'",
        "placeholders differ: 'Hello %(name)s'",
        "placeholders differ: 'Until %(day)s'",
    ]
