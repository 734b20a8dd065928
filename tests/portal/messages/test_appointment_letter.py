"""What a client reads: language, formats, zone, links, and nothing that could run or be fetched."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.messages.letters.letter import Letter
from portal.people.recipients import Recipient
from tests.portal.messages.letters import HARBOUR, NOW, brief

KINDS = ("booked", "moved", "cancelled_by_client", "cancelled_by_practice", "reminder", "asked")
FRENCH = Recipient(language="fr", date_display="language", time_display="language")
MAP = "https://www.openstreetmap.org/search?query=12+Quay+Street%2C+M5J+2N8%2C+Toronto"
SPANISH = Recipient(language="es-MX", date_display="language", time_display="language")


def letter(kind: str = "booked", recipient: Recipient | None = None, **changes: object) -> Letter:
    return write_appointment_letter(brief(kind, recipient, **changes), NOW)


def plain(text: str) -> str:
    return re.sub("[\u00a0\u202f]", " ", text)


def test_stranger_is_written_to_in_the_practice_s_first_language() -> None:
    assert plain(letter().subject) == "Booked: Sunday, November 22, 2026 at 2:30 p.m. – Harbour Physiotherapy"


def test_person_is_written_to_in_her_language_as_the_practice_s_country_writes_it() -> None:
    written = letter("moved", FRENCH)

    assert (plain(written.subject), written.language) == (
        "Déplacé au dimanche 22 novembre 2026 à 14 h 30 – Harbour Physiotherapy",
        "fr",
    )


def test_whole_letter_is_spanish_to_a_spanish_reader() -> None:
    written = letter("booked", SPANISH)

    assert plain(written.subject) == (
        "Cita reservada: domingo, 22 de noviembre de 2026, 2:30 p.m. – Harbour Physiotherapy"
    )
    assert [line for line in plain(written.text).splitlines() if line] == [
        "Su cita está reservada",
        "Hola, Ana:",
        "Harbour Physiotherapy le espera.",
        "domingo, 22 de noviembre de 2026",
        "2:30 p.m. – 3:20 p.m. (hora oriental)",
        "First visit",
        "con Nora Blake",
        "Harbour House",
        "12 Quay Street",
        "M5J 2N8 Toronto",
        f"Mapa: {MAP}",
        "Ver, cambiar o cancelar la cita: https://portal.example/m/Ab3dEf9h",
        "El archivo adjunto la añade a su calendario.",
        "-- ",
        "Recibe este mensaje por su cita con Harbour Physiotherapy.",
        "Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example",
    ]


@pytest.mark.parametrize("part", ["subject", "text", "html"])
def test_every_part_has_the_reader_s_own_date_and_time(part: str) -> None:
    reader = Recipient(language="en", date_display="iso", time_display="24h")

    written = getattr(letter("booked", reader), part)

    assert (re.findall(r"Sunday \d{4}-\d\d-\d\d", written)[0], "14:30" in written, "2:30" in written) == (
        "Sunday 2026-11-22",
        True,
        False,
    )


def test_time_is_the_place_s_and_its_zone_is_named() -> None:
    paris = replace(HARBOUR, zone=ZoneInfo("Europe/Paris"), country="FR", languages=("fr",))

    text = plain(letter(practice=paris).text)

    assert "20:30 – 21:20 (heure d’Europe centrale)" in text


@pytest.mark.parametrize("kind", KINDS)
def test_subject_says_nothing_of_the_service(kind: str) -> None:
    assert "First visit" not in letter(kind).subject


@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_tell_the_same_facts(kind: str) -> None:
    written = letter(kind)

    said = ("First visit", "Nora Blake", "Harbour House", "12 Quay Street", "M5J 2N8 Toronto", "openstreetmap.org")
    assert [fact for fact in said if fact not in written.text or fact not in written.html] == []


@pytest.mark.parametrize("kind", KINDS)
def test_html_escapes_what_people_typed_and_fetches_nothing(kind: str) -> None:
    html = letter(kind, first_name='<img src="https://evil.example/x">', place_name="{{ 7*7 }}</mj-text>").html

    assert re.findall(r"<(?:img|script|link|iframe)\b|@import|url\(", html) == []
    assert ("&lt;img" in html, "{{ 7*7 }}&lt;/mj-text&gt;" in html) == (True, True)


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        ("booked", "https://portal.example/m/Ab3dEf9h"),
        ("moved", "https://portal.example/m/Ab3dEf9h"),
        ("reminder", "https://portal.example/m/Ab3dEf9h"),
        ("asked", "https://portal.example/m/Ab3dEf9h"),
        ("cancelled_by_client", "https://portal.example/p/harbour"),
        ("cancelled_by_practice", "https://portal.example/p/harbour"),
    ],
)
def test_one_link_leads_on(kind: str, link: str) -> None:
    written = letter(kind)

    assert (link in written.text, f'href="{link}"' in written.html) == (True, True)


@pytest.mark.parametrize(
    ("kind", "methods"),
    [
        ("booked", ["REQUEST"]),
        ("moved", ["REQUEST"]),
        ("cancelled_by_client", ["CANCEL"]),
        ("cancelled_by_practice", ["CANCEL"]),
        ("reminder", []),
        ("asked", []),
    ],
)
def test_each_change_brings_its_calendar_file(kind: str, methods: list[str]) -> None:
    attached = letter(kind).attachments

    assert [each.media_type for each in attached] == [f"text/calendar; method={method}" for method in methods]
    assert [line for each in attached for line in each.text.splitlines() if line.startswith("METHOD")] == [
        f"METHOD:{method}" for method in methods
    ]


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("client", "You have cancelled this appointment. There is nothing left to do."),
        ("practice", "Harbour Physiotherapy has cancelled this appointment."),
    ],
)
def test_cancelled_says_who_did_it(by: str, sentence: str) -> None:
    assert sentence in letter(f"cancelled_by_{by}").text.splitlines()


def test_message_id_is_the_message_s_own_at_each_attempt() -> None:
    attempts = [letter(), write_appointment_letter(brief("booked", FRENCH), datetime.now(UTC))]

    assert [each.message_id for each in attempts] == ["<pqrst23456@portal.example>"] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_name_may_be_missing(kind: str) -> None:
    written = letter(kind, first_name="", place_name="", street="", postcode="", city="")

    assert ("Hello,\n" in written.text, "openstreetmap" in written.html) == (True, False)
