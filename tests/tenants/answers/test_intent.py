"""What an answer by SMS means: the words in every spelling that a phone produces."""

import pytest

from tenants.answers.intent import Meaning, meaning_as_taken, meaning_of

STOP, CANCEL = Meaning("stop"), Meaning("stop", "en", cancel=True)
NOTE = Meaning("note")


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        ("STOP", STOP),
        ("stop", STOP),
        ("  Stop!\n", STOP),
        ("« stop »", STOP),
        ("S.T.O.P.", STOP),
        ("stop-all", STOP),
        ("STOP ALL", STOP),
        ("\uff33\uff34\uff2f\uff30", STOP),
        ("\u200bSTOP\ufeff", STOP),
        ("Stop 🛑", STOP),
        ("StopAll", STOP),
        ("Unsubscribe.", Meaning("stop", "en")),
        ("END", Meaning("stop", "en")),
        ("quit", Meaning("stop", "en")),
        ("REVOKE", Meaning("stop", "en")),
        ("optout", Meaning("stop", "en")),
        ("Cancel", CANCEL),
        ("CANCEL.", CANCEL),
        ("ARRET", Meaning("stop", "fr")),
        ("ARRÊT", Meaning("stop", "fr")),
        ("arre\u0302t", Meaning("stop", "fr")),
        ("Alto", Meaning("stop", "es")),
        ("¡ALTO!", Meaning("stop", "es")),
        ("baja", Meaning("stop", "es")),
        ("START", Meaning("start")),
        ("Unstop", Meaning("start", "en")),
        ("DEBUT", Meaning("start", "fr")),
        ("Début", Meaning("start", "fr")),
        ("alta", Meaning("start", "es")),
        ("HELP", Meaning("help")),
        ("Help?", Meaning("help")),
        ("aide", Meaning("help", "fr")),
        ("¿Ayuda?", Meaning("help", "es")),
        ("YES", Meaning("confirm", "en")),
        ("y", Meaning("confirm", "en")),
        ("Oui !", Meaning("confirm", "fr")),
        ("O", Meaning("confirm", "fr")),
        ("SI", Meaning("confirm", "es")),
        ("Sí.", Meaning("confirm", "es")),
        ("1", Meaning("confirm")),
        ("1️⃣", Meaning("confirm")),
        ("", NOTE),
        ("   ", NOTE),
        ("👍", NOTE),
        ("0", NOTE),
        ("11", NOTE),
        ("No", NOTE),
        ("annuler", NOTE),
        ("Cancelar", NOTE),
        ("Please stop", NOTE),
        ("Oui, mais dix minutes en retard", NOTE),
        ("yes yes", NOTE),
        ("stopp", NOTE),
        ("é", NOTE),
    ],
)
def test_one_word_says_what_is_meant(body: str, meaning: Meaning) -> None:
    assert meaning_of(body) == meaning


@pytest.mark.parametrize(
    ("body", "taken_as", "meaning"),
    [
        ("CANCEL", "stop", CANCEL),
        ("BASTA", "stop", STOP),
        ("Oui", "start", Meaning("start", "fr")),
        ("Was ist das", "help", Meaning("help")),
        ("Oui", "", Meaning("confirm", "fr")),
    ],
)
def test_what_the_provider_has_acted_upon_counts(body: str, taken_as: str, meaning: Meaning) -> None:
    assert meaning_as_taken(body, taken_as) == meaning
