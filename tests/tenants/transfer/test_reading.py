"""What a row says, cell by cell, and each cell that cannot be taken."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from portal.languages.phones import read_phone
from tenants.transfer.columns import FIELDS, guess_columns, guess_day_first, wrong_columns
from tenants.transfer.reading import UNREADABLE, Layout, read_row

COLUMNS = {name: place for place, name in enumerate(FIELDS)}
TODAY = date(2026, 11, 23)


def read(*, day_first: bool = True, **cells: str) -> tuple[dict[str, Any], dict[str, str]]:
    layout = Layout(COLUMNS, day_first, TODAY, lambda typed: read_phone(typed, ("CA",)), len(FIELDS))
    reading = read_row(2, [cells.get(name, "") for name in FIELDS], layout)
    return reading.values, reading.faults


def test_row_is_read_in_the_forms_that_records_keep() -> None:
    values, faults = read(
        first_name=" Client ",
        last_name="Seventeen\n",
        email="Client-17@Example.ORG",
        phone="\u202a(416) 555-0117\u202c",
        home_phone="+33 1 23 45 67 89",
        birthday="29/02/1980",
        language="Français",
        tags="knee, Knee;back",
        number=" 17 ",
    )

    assert faults == {}
    assert values == {
        "first_name": "Client",
        "last_name": "Seventeen",
        "email": "client-17@example.org",
        "phone": "+14165550117",
        "home_phone": "+33123456789",
        "birthday": date(1980, 2, 29),
        "language": "fr",
        "tags": ["knee", "back"],
        "number": "17",
    }


@pytest.mark.parametrize(
    ("typed", "day_first", "day"),
    [
        ("1980-02-29", True, date(1980, 2, 29)),
        ("19800229", True, date(1980, 2, 29)),
        ("1980-02-29 00:00:00", False, date(1980, 2, 29)),
        ("3/4/1980", True, date(1980, 4, 3)),
        ("3/4/1980", False, date(1980, 3, 4)),
        ("03.04.45", True, date(1945, 4, 3)),
        ("03.04.12", True, date(2012, 4, 3)),
    ],
)
def test_birthday_is_read_as_the_file_writes_it(typed: str, day_first: bool, day: date) -> None:
    assert read(first_name="Client", birthday=typed, day_first=day_first)[0]["birthday"] == day


@pytest.mark.parametrize(
    ("whole", "first", "last"),
    [
        ("Ana Silva", "Ana", "Silva"),
        ("Silva, Ana", "Ana", "Silva"),
        ("Client Number Seventeen", "Client Number", "Seventeen"),
        ("Client de la Tour", "Client", "de la Tour"),
        ("Ana", "Ana", None),
    ],
)
def test_full_name_is_parted(whole: str, first: str, last: str | None) -> None:
    values, _ = read(full_name=whole)

    assert (values["first_name"], values.get("last_name")) == (first, last)


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("email", "client@nowhere", "email"),
        ("email", "x" * 300 + "@example.org", "too_long"),
        ("phone", "12", "phone"),
        ("birthday", "31/02/1980", "birthday"),
        ("birthday", "1/1/1850", "birthday"),
        ("birthday", "yesterday", "birthday"),
        ("birthday", "24/11/2026", "future"),
        ("language", "Klingon!", "language"),
        ("tags", "x" * 41, "tags"),
        ("tags", ",".join(map(str, range(21))), "tags"),
        ("first_name", "x" * 101, "too_long"),
        ("first_name", "x" * 1_000_000, "too_long"),
        ("first_name", "Cli\0ent", "sign"),
        ("first_name", "Cli\ud800ent", "sign"),
        ("number", "x" * 201, "too_long"),
    ],
)
def test_cell_that_cannot_be_taken_says_why(name: str, typed: str, why: str) -> None:
    cells: dict[str, Any] = {"last_name": "Client", name: typed}

    assert read(**cells)[1] == {name: why}


def test_row_without_a_name_is_refused() -> None:
    assert read(email="client-17@example.org")[1] == {"first_name": "nameless"}


def test_row_longer_than_its_headings_is_refused_and_a_shorter_one_is_not() -> None:
    layout = Layout({"first_name": 0, "email": 1}, True, TODAY, str, 2)

    assert read_row(2, ["Client", "", "", "more"], layout).faults == {"row": "too_many_cells"}
    assert read_row(2, ["Client"], layout).faults == {}
    assert read_row(2, [UNREADABLE], layout).faults == {"row": "unreadable"}


def test_formula_is_a_name_like_any_other() -> None:
    assert read(first_name="=cmd|' /C calc'!A0")[0] == {"first_name": "=cmd|' /C calc'!A0"}
    assert read(first_name="'=cmd")[0] == {"first_name": "=cmd"}


@pytest.mark.parametrize(
    ("headings", "found"),
    [
        ("First Name,Last Name,E-mail Address,Mobile Phone,Home Phone,Date of birth,Notes", "0 1 3 4 5 6 10"),
        ("Prénom,Nom,Courriel,Cellulaire,Téléphone domicile,Date de naissance,Étiquettes", "0 1 3 4 5 6 8"),
        ("Nombre,Apellidos,Correo electrónico,Móvil,Teléfono fijo,Fecha de nacimiento,Idioma", "0 1 3 4 5 6 7"),
    ],
)
def test_columns_are_guessed_in_each_language(headings: str, found: str) -> None:
    guessed = guess_columns(headings.split(","))

    assert sorted(FIELDS.index(name) for name in guessed) == [int(each) for each in found.split()]
    assert sorted(guessed.values()) == list(range(len(guessed)))


def test_lone_name_is_the_whole_name() -> None:
    assert guess_columns(["Nom", "Courriel"]) == {"full_name": 0, "email": 1}
    assert guess_columns(["Nombre", "Correo"]) == {"full_name": 0, "email": 1}


def test_order_of_day_and_month_is_told_by_the_values_or_else_by_the_country() -> None:
    told = partial(guess_day_first, country="US")

    assert (told(["3/4/1980", "13/4/1980"]), told(["3/4/1980"]), told(["3/13/1980"])) == (True, False, False)
    assert guess_day_first(["3/4/1980"], "CA")


def test_wrong_columns_are_told() -> None:
    assert wrong_columns({"email": 0, "phone": 0, "tags": 9}, 2) == {
        "phone": "twice",
        "tags": "unknown",
        "first_name": "missing",
    }
