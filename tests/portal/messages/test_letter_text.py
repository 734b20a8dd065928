"""The text part of each letter, sign by sign: what somebody reads whose mail program shows no HTML."""

from dataclasses import replace
from datetime import timedelta
from textwrap import dedent
from typing import Any

import pytest

from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.messages.letters.brief import formats_for
from portal.messages.letters.letter import Letter
from portal.messages.letters.staff_letter import write_budget_letter, write_staff_letter
from portal.people.recipients import Recipient
from tenants.notifications.facts import AppointmentFacts
from tests.portal.messages.letters import HARBOUR, NOW, SETTINGS, STARTS, brief, facts
from tests.portal.messages.test_appointment_letter import MAP, plain

HOUR = timedelta(hours=1)
READERS = {
    language: Recipient(language=language, date_display="language", time_display="language")
    for language in ("en", "fr", "es-MX")
}

ONE = {
    "en": """\
        Your appointment is near

        Hello Ana,

        Harbour Physiotherapy is expecting you.

        Sunday, November 22, 2026
        2:30 p.m. – 3:20 p.m. (Eastern Time)

        First visit
        with Nora Blake

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Map: {map}

        Confirm that you are coming: https://portal.example/m/Ab3dEf9h
        See, move or cancel it: https://portal.example/m/Ab3dEf9h

        --\x20
        You receive this message because of your appointment with Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        No more reminders by e-mail: https://portal.example/m/Ab3dEf9h/reminders
        """,
    "fr": """\
        Votre rendez-vous approche

        Bonjour Ana,

        Harbour Physiotherapy vous attend.

        dimanche 22 novembre 2026
        14 h 30 – 15 h 20 (heure de l’Est)

        First visit
        avec Nora Blake

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Carte : {map}

        Confirmer ma venue : https://portal.example/m/Ab3dEf9h
        Le voir, le déplacer ou l’annuler : https://portal.example/m/Ab3dEf9h

        --\x20
        Vous recevez ce message en raison de votre rendez-vous chez Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        Ne plus recevoir de rappels par e-mail : https://portal.example/m/Ab3dEf9h/reminders
        """,
    "es-MX": """\
        Su cita se acerca

        Hola, Ana:

        Harbour Physiotherapy le espera.

        domingo, 22 de noviembre de 2026
        2:30 p.m. – 3:20 p.m. (hora oriental)

        First visit
        con Nora Blake

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Mapa: {map}

        Confirmar que voy: https://portal.example/m/Ab3dEf9h
        Ver, cambiar o cancelar la cita: https://portal.example/m/Ab3dEf9h

        --\x20
        Recibe este mensaje por su cita con Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        No más recordatorios por correo electrónico: https://portal.example/m/Ab3dEf9h/reminders
        """,
}

SEVERAL = {
    "en": """\
        Your appointments are near

        Hello Ana,

        Harbour Physiotherapy is expecting you for these appointments.

        Sunday, November 22, 2026 (Eastern Time)

        2:30 p.m. – 3:20 p.m.
        First visit
        with Nora Blake

        4:30 p.m. – 5:00 p.m.
        Follow-up
        with Theo Roy

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Map: {map}

        Confirm that you are coming: https://portal.example/m/Ab3dEf9h
        See, move or cancel them: https://portal.example/m/Ab3dEf9h

        --\x20
        You receive this message because of your appointment with Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        No more reminders by e-mail: https://portal.example/m/Ab3dEf9h/reminders
        """,
    "fr": """\
        Vos rendez-vous approchent

        Bonjour Ana,

        Harbour Physiotherapy vous attend pour ces rendez-vous.

        dimanche 22 novembre 2026 (heure de l’Est)

        14 h 30 – 15 h 20
        First visit
        avec Nora Blake

        16 h 30 – 17 h
        Follow-up
        avec Theo Roy

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Carte : {map}

        Confirmer ma venue : https://portal.example/m/Ab3dEf9h
        Les voir, déplacer ou annuler : https://portal.example/m/Ab3dEf9h

        --\x20
        Vous recevez ce message en raison de votre rendez-vous chez Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        Ne plus recevoir de rappels par e-mail : https://portal.example/m/Ab3dEf9h/reminders
        """,
    "es-MX": """\
        Sus citas se acercan

        Hola, Ana:

        Harbour Physiotherapy le espera para estas citas.

        domingo, 22 de noviembre de 2026 (hora oriental)

        2:30 p.m. – 3:20 p.m.
        First visit
        con Nora Blake

        4:30 p.m. – 5:00 p.m.
        Follow-up
        con Theo Roy

        Harbour House
        12 Quay Street
        M5J 2N8 Toronto
        Mapa: {map}

        Confirmar que voy: https://portal.example/m/Ab3dEf9h
        Ver, cambiar o cancelar las citas: https://portal.example/m/Ab3dEf9h

        --\x20
        Recibe este mensaje por su cita con Harbour Physiotherapy.
        Harbour Physiotherapy · +1 416 555 0100 · desk@harbour.example
        No más recordatorios por correo electrónico: https://portal.example/m/Ab3dEf9h/reminders
        """,
}

SECOND = facts(
    id=2,
    starts_at=STARTS + 2 * HOUR,
    ends_at=STARTS + 2.5 * HOUR,
    service_name="Follow-up",
    practitioner_name="Theo Roy",
)


def reminder(language: str, *more: AppointmentFacts) -> Letter:
    told = brief("reminder", READERS[language])
    return write_appointment_letter(replace(told, appointments=(*told.appointments, *more)), NOW)


@pytest.mark.parametrize("language", ONE)
def test_reminder_of_one(language: str) -> None:
    assert plain(reminder(language).text) == dedent(ONE[language]).replace("{map}", MAP)


@pytest.mark.parametrize("language", SEVERAL)
def test_reminder_of_several_names_day_and_place_once(language: str) -> None:
    assert plain(reminder(language, SECOND).text) == dedent(SEVERAL[language]).replace("{map}", MAP)


def test_several_at_different_places_have_each_its_own() -> None:
    text = reminder("en", replace(SECOND, place_id=2, place_name="Studio", street="", postcode="", city="")).text

    assert plain(text).split("\n\n")[4:8] == [
        "2:30 p.m. – 3:20 p.m.\nFirst visit\nwith Nora Blake",
        f"Harbour House\n12 Quay Street\nM5J 2N8 Toronto\nMap: {MAP}",
        "4:30 p.m. – 5:00 p.m.\nFollow-up\nwith Theo Roy",
        "Studio",
    ]


@pytest.mark.parametrize(
    "kind", ["booked", "moved", "cancelled_by_client", "cancelled_by_practice", "asked", "reminder"]
)
@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize("place", [{}, {"place_name": "", "street": "", "postcode": "", "city": ""}])
def test_no_letter_has_two_blank_lines_or_ends_in_one(kind: str, language: str, place: dict[str, str]) -> None:
    text = write_appointment_letter(brief(kind, READERS[language], **place), NOW).text

    assert ("\n\n\n" in text, text.endswith("\n\n"), text.startswith("\n")) == (False, False, False)


@pytest.mark.parametrize("kind", ["booked", "moved", "cancelled_by_client", "cancelled_by_practice"])
@pytest.mark.parametrize("language", READERS)
@pytest.mark.parametrize("other", [{}, {"place_id": 2, "place_name": "Annex", "service_id": 2, "for_name": "Léo"}])
def test_letter_of_several_days_has_each_and_no_two_blank_lines(
    kind: str, language: str, other: dict[str, Any]
) -> None:
    week_later = {"starts_at": STARTS + timedelta(weeks=1), "ends_at": STARTS + timedelta(weeks=1, minutes=50)}
    several = (facts(), facts(id=2, ref="another", **week_later, **other))

    text = write_appointment_letter(replace(brief(kind, READERS[language]), appointments=several), NOW).text

    assert ("\n\n\n" in text, text.endswith("\n\n"), text.startswith("\n")) == (False, False, False)
    assert sum(line.startswith("- ") for line in text.splitlines()) == 2
    assert ("Annex" in text, "Léo" in text) == (bool(other), bool(other))


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        ("booked", "Ana Silva has an appointment"),
        ("moved", "Ana Silva's appointment has been moved"),
        ("cancelled", "Ana Silva is not coming"),
    ],
)
def test_staff_read_who_when_and_where(kind: str, heading: str) -> None:
    row = {"ref": "pqrst23456"}
    formats = formats_for(HARBOUR, READERS["en"])

    text = write_staff_letter(row, kind, [facts()], "nora@harbour.example", formats, SETTINGS, NOW).text

    assert plain(text) == dedent(f"""\
        {heading}

        Sunday, November 22, 2026
        2:30 p.m. – 3:20 p.m.

        First visit
        with Nora Blake
        Harbour House

        See it at the desk: https://portal.example/desk/harbour/appointments/abcde23456

        --\x20
        You receive this message because you work at Harbour Physiotherapy. \
Which ones you get is for you to choose under Messages.
        """)


def test_admins_read_what_becomes_of_the_budget() -> None:
    row = {"ref": "pqrst23456", "kind": "budget_low", "created_at": NOW}
    formats = formats_for(HARBOUR, READERS["en"])

    text = write_budget_letter(row, HARBOUR, 500, "nora@harbour.example", formats, SETTINGS, NOW).text

    assert text == dedent("""\
        Four fifths of this month's SMS are sent

        Harbour Physiotherapy lets 500 SMS leave each month. Once they are sent, reminders go by e-mail.

        Look at the SMS settings: https://portal.example/desk/harbour/reminders

        --\x20
        You receive this message as an admin of Harbour Physiotherapy.
        """)
