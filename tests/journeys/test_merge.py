"""Nora finds Ana twice in her book, makes one record of the two, and takes it back."""

import pytest

from tests.cast import ANA, NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.pages import client_twice
from tests.journeys.visitor import FEW_LOOKS, Look

pytestmark = pytest.mark.browser

OTHER = "aan.silva@example.org"
_VISITS = "SELECT count(*) FROM appointment JOIN client_record c ON c.id = client_record_id WHERE c.ref = $1"


@pytest.mark.parametrize("look", FEW_LOOKS, ids=str)
async def test_two_records_become_one_and_two_again(visit: Visit, portal: Demo, look: Look) -> None:
    nora = await visit(look, NORA)
    await client_twice(nora, portal)
    visits = await portal.owner.fetchval(_VISITS.replace("c.ref", "email"), ANA)
    await portal.owner.execute("UPDATE client_record SET ref = 'anasown' WHERE email = $1", ANA)
    await nora.go("/desk/harbour/clients/anastwin")

    await nora.follow("Compare and merge")
    await nora.page.get_by_label("Ana", exact=True).check()
    await nora.page.get_by_label(ANA, exact=True).check()
    said = await nora.text
    await nora.press("Merge these records")
    await nora.page.get_by_text("The two records are one now.").wait_for()
    merged = await portal.owner.fetchrow("SELECT * FROM client_record WHERE ref = 'anastwin'")
    moved = await portal.owner.fetchval(_VISITS, "anastwin")
    await nora.press("Undo this merge")
    await nora.page.get_by_text("The two records are apart again.").wait_for()

    assert f"Whoever signs in with {OTHER} sees none of it any more." in said
    assert (merged["first_name"], merged["last_name"], merged["email"], moved) == ("Ana", "Sylva", ANA, visits)
    back = await portal.owner.fetchrow("SELECT * FROM client_record WHERE ref = 'anastwin'")
    assert (back["first_name"], back["email"], await portal.owner.fetchval(_VISITS, "anasown")) == (
        "Anna",
        OTHER,
        visits,
    )


async def test_two_people_are_told_apart_for_good(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await client_twice(nora, portal)

    await nora.press("These are two people")
    await nora.page.get_by_text("You will not be asked again.").wait_for()

    assert "Twice here?" not in await nora.text
    await nora.go("/desk/harbour/clients/duplicates")
    assert "Anna Sylva" not in await nora.text
