from hypothesis import given
from hypothesis import strategies as st

from portal.help.folding import folded, folded_places
from portal.help.search import search


def names(asked: str, language: str) -> list[str]:
    return [found.article.name for found in search(asked, language)]


def test_accents_case_and_apostrophes_do_not_matter() -> None:
    same = [names(asked, "fr") for asked in ("équipe", "EQUIPE", "l'équipe", "L’Équipe")]

    assert same[0][0] == "team"
    assert same == [same[0]] * 4


def test_every_word_must_be_there_by_its_beginning() -> None:
    assert "sign-in" in names("passw", "en")
    assert "sign-in" in names("six digits", "en")
    assert names("six digits giraffe", "en") == []
    assert names("asswo", "en") == []


def test_title_counts_more_than_text() -> None:
    assert names("liste d’attente", "fr")[0] == "waiting-list"
    assert names("booking rules", "en")[0] == "rules"


def test_excerpt_shows_the_words_as_they_are_written() -> None:
    [found] = [each for each in search("contrasena olvidar", "es") if each.article.name == "sign-in"]

    assert found.excerpt[1::2] == ("contraseña", "olvidar")
    assert "".join(found.excerpt).startswith("Escriba su correo electrónico")


def test_nothing_is_found_for_what_has_no_letters() -> None:
    assert [search(asked, "en") for asked in ("", " ", "?!", "’")] == [[]] * 4


@given(st.text(max_size=150))
def test_search_answers_anything(asked: str) -> None:
    for found in search(asked, "fr"):
        assert any(piece in part for part in found.article.parts for piece in found.excerpt[1::2] or ("",))


@given(st.text())
def test_folded_letters_know_where_they_come_from(text: str) -> None:
    plain, places = folded_places(text)

    assert plain == folded(text)
    assert len(places) == len(plain)
    assert places == sorted(places)
    assert "".join(folded(text[place]) for place in dict.fromkeys(places)) == plain
