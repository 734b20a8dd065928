"""What a team's words promise, beside the table that decides."""

import pytest

from portal.languages.words import offered_languages, words_in
from portal.team_words import masked, role_choices, said_invitation
from tenants.team.permissions import ADMIN, MAY, PROFESSIONAL, RECEPTIONIST, ROLES, Permission


def test_cards_tell_what_the_table_says() -> None:
    """When this fails the table has changed: the sentences on the cards of `role_choices` may have to follow."""
    book = {
        Permission.CALENDAR,
        Permission.ARRANGE,
        Permission.REQUESTS,
        Permission.WAITING,
        Permission.CLIENTS,
        Permission.CHANGE_CLIENTS,
        Permission.CONTACTS,
        Permission.JOIN_CLIENTS,
        Permission.MESSAGES,
        Permission.SEND,
    }
    runs = {
        Permission.ERASE_CLIENTS,
        Permission.TRANSFER,
        Permission.CHANGE_SETTINGS,
        Permission.TEAM,
        Permission.AUDIT,
    }

    assert MAY[RECEPTIONIST] == book | {Permission.OWN, Permission.SETTINGS}
    assert MAY[PROFESSIONAL] - MAY[RECEPTIONIST] == {Permission.HOURS}
    assert MAY[ADMIN] - MAY[PROFESSIONAL] == runs


@pytest.mark.parametrize("language", offered_languages())
def test_every_role_has_a_card_and_an_invitation_of_its_own(language: str) -> None:
    words = words_in(language)
    cards = role_choices(words)
    invitations = {said_invitation("Nora Blake", "Harbour", role, words) for role in ROLES}

    assert [role for role, _, _ in cards] == list(ROLES)
    assert len({about for _, _, about in cards}) == len(invitations) == len(ROLES)
    assert all("Nora Blake" in said and "Harbour" in said for said in invitations)


@pytest.mark.parametrize(
    ("email", "shown"),
    [
        ("cleo@example.org", "cl•••@example.org"),
        ("al@example.org", "a•••@example.org"),
        ("x@example.org", "x•••@example.org"),
    ],
)
def test_masked_address_shows_less_than_itself(email: str, shown: str) -> None:
    assert masked(email) == shown
