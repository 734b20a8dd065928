"""What whoever holds a message's link can see and do, without signing in."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.client.link import MISSES_AN_HOUR
from portal.database import worker_lens
from portal.messages.practice_messages import take_messages
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert
from tests.messages_made import message_made

LINK, BENS = "Ab3dEf9h", "Bb3dEf9h"


@dataclass
class Reminded:
    """Ana, of her appointment on Wednesday; Ben has one of his own at the same practice."""

    cast: Cast
    owner: asyncpg.Connection
    appointment: dict[str, Any]
    bens: dict[str, Any]

    @property
    def here(self) -> str:
        return f"/m/{LINK}/appointments/{self.appointment['ref']}"

    async def now(self, column: str) -> Any:
        return await self.owner.fetchval(f"SELECT {column} FROM appointment WHERE id = $1", self.appointment["id"])

    async def change(self, to: str) -> None:
        await self.owner.execute(f"UPDATE appointment SET {to} WHERE id = $1", self.appointment["id"])


@pytest.fixture
async def reminded(cast: Cast, owner: asyncpg.Connection) -> Reminded:
    harbour = cast.harbour
    await owner.execute("UPDATE client_record SET last_name = 'Silva', phone = '+14165550132' WHERE email = $1", ANA)
    anas = await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10), note="left knee")
    bens = await harbour.appointment(BEN, "First visit", "Theo Roy", harbour.at(2026, 11, 25, 10))
    for appointment, link in ((anas, LINK), (bens, BENS)):
        await message_made(owner, appointment, kind="reminder", link=link, created_at=MONDAY)
    return Reminded(cast, owner, anas, bens)


async def test_link_shows_first_name_and_its_appointment_alone(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"/m/{LINK}")

    shown = browser.text
    assert browser.page.status_code == 200
    for told in ("Hello Ana,", "Follow-up", "Nora Blake", "Wednesday, November 25, 2026", "Harbour House", "12 Quay"):
        assert told in shown
    for hidden in ("Silva", ANA, "555", "left knee", "Ben", "First visit", "Theo"):
        assert hidden not in re.sub(r"<footer.*", "", shown, flags=re.DOTALL), hidden


async def test_every_link_that_the_worker_makes_opens(
    browser: Browser, reminded: Reminded, owner: asyncpg.Connection
) -> None:
    """Whatever its signs: sixty links hold nearly all of the 57."""
    wrong = []
    for _ in range(60):
        await owner.execute(
            "UPDATE message SET link = NULL, sent_at = NULL, claimed_until = NULL WHERE kind = 'reminder'"
        )
        async with worker_lens():
            rows = await take_messages(MONDAY, MONDAY + timedelta(minutes=1), 2)
        wrong += [row["link"] for row in rows if (await browser.get(f"/m/{row['link']}")).status_code != 200]

    assert wrong == []


async def test_link_s_answers_go_into_no_index_and_to_no_other_site(browser: Browser, reminded: Reminded) -> None:
    for path in (f"/m/{LINK}", "/m/nothings", f"/m/{LINK}/reminders", f"{reminded.here}/move"):
        headers = (await browser.get(path)).headers

        assert headers.get_list("referrer-policy") == ["no-referrer"], path
        assert headers["x-robots-tag"] == "noindex", path
        assert headers["cache-control"] == "no-store", path


async def test_looking_changes_nothing(browser: Browser, reminded: Reminded) -> None:
    before = await reminded.owner.fetch("SELECT * FROM appointment ORDER BY id")

    for path in ("", f"/appointments/{reminded.appointment['ref']}/cancellation", "/reminders"):
        await browser.get(f"/m/{LINK}{path}")
        assert browser.page.status_code == 200

    assert await reminded.owner.fetch("SELECT * FROM appointment ORDER BY id") == before


async def test_client_confirms_by_a_link(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"/m/{LINK}")

    await browser.post(f"{reminded.here}/confirmation", start=reminded.appointment["starts_at"].isoformat())

    assert (browser.path, browser.page.status_code) == (f"/m/{LINK}", 200)
    assert "Confirmed: the practice knows that you are coming." in browser.text
    assert (await reminded.now("confirmed_at"), await reminded.now("confirmed_by")) == (MONDAY, "client")


async def test_second_click_on_each_button_gets_the_same_answer(browser: Browser, reminded: Reminded) -> None:
    """Confirming, moving, cancelling, each from a page that was shown before."""
    there = "2026-11-26T11:00:00-05:00"
    await browser.get(f"/m/{LINK}")
    token = re.findall(r'name="_csrf" value="([^"]*)"', browser.page.text)[0]

    told = []
    for what, fields in (("confirmation", {}), ("move", {"start": there}), ("cancellation", {"reason": "ill"})):
        for _ in range(2):
            await browser.post(f"{reminded.here}/{what}", token=token, follow=False, **fields)
            told.append((browser.page.status_code, browser.page.headers.get("location")))

    assert told == [(303, f"/m/{LINK}")] * 6
    assert (await reminded.now("sequence"), await reminded.now("cancel_reason")) == (2, "ill")
    owed = "SELECT count(*) FROM message WHERE appointment_id = $1 AND audience = 'client' AND sent_at IS NULL"
    assert await reminded.owner.fetchval(owed, reminded.appointment["id"]) == 2


async def test_time_that_was_moved_meanwhile_is_not_confirmed_unseen(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"/m/{LINK}")
    await reminded.change(
        "starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour', "
        "blocked_from = starts_at, blocked_until = ends_at + interval '1 hour'"
    )

    await browser.post(f"{reminded.here}/confirmation", start=reminded.appointment["starts_at"].isoformat())

    assert browser.page.status_code == 422
    assert "Meanwhile this appointment has been moved to Wednesday, November 25, 2026 at 11:00" in browser.text
    assert await reminded.now("confirmed_at") is None


async def test_old_link_leads_to_the_present_state(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"{reminded.here}/move")
    await browser.post(f"{reminded.here}/move", start="2026-11-26T11:00:00-05:00")
    moved = browser.text
    await reminded.change("cancelled_at = now(), cancelled_by = 'staff'")
    await browser.get(f"/m/{LINK}")

    assert "This appointment has been moved since." in moved
    assert "Thursday, November 26, 2026" in moved
    assert "This appointment is cancelled." in browser.text
    assert "Confirm that you are coming" not in browser.text


async def test_cancelled_appointment_is_not_confirmed_by_a_stale_tab(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"/m/{LINK}")
    await reminded.change("cancelled_at = '2026-11-23 12:00+00', cancelled_by = 'staff'")

    await browser.post(f"{reminded.here}/confirmation")

    assert browser.page.status_code == 422
    assert "This appointment was cancelled on Monday, November 23, 2026 at 7:00" in browser.text


async def test_client_cancels_by_a_link_once_the_deadline_was_told(browser: Browser, reminded: Reminded) -> None:
    await browser.get(f"{reminded.here}/cancellation")
    asked = browser.text

    await browser.post(browser.path, reason="a cold")

    assert "Free to move or cancel until Tuesday, November 24, 2026 at 10:00" in asked
    assert browser.path == f"/m/{LINK}"
    assert (await reminded.now("cancel_reason"), await reminded.now("cancelled_by")) == ("a cold", "client")


async def test_too_late_is_said_in_words(browser: Browser, reminded: Reminded, clock: TestClock) -> None:
    await browser.get(f"{reminded.here}/cancellation")
    clock.now = reminded.cast.harbour.at(2026, 11, 24, 11)

    await browser.post(browser.path, reason="")
    refused = (browser.page.status_code, browser.text)
    await browser.get(f"/m/{LINK}")

    assert refused[0] == 422
    assert "could be cancelled here until Tuesday, November 24, 2026 at 10:00" in refused[1]
    assert "It is too late to change this here." in browser.text
    assert await reminded.now("cancelled_at") is None


async def test_link_dies_when_the_appointment_is_over(browser: Browser, reminded: Reminded, clock: TestClock) -> None:
    clock.now = reminded.appointment["ends_at"]
    paths = [f"/m/{LINK}", f"{reminded.here}/cancellation", f"{reminded.here}/move"]
    told = [(await browser.get(path)).status_code for path in paths]
    shown = browser.text

    await browser.post(f"{reminded.here}/confirmation")

    assert told == [410] * 3
    assert "This link has done its work" in shown
    assert (browser.page.status_code, await reminded.now("confirmed_at")) == (410, None)
    for detail in ("Ana", "Nora", "Harbour", "Follow-up", "November"):
        assert detail not in shown


async def test_link_lives_on_where_the_appointment_was_moved_to(
    browser: Browser, reminded: Reminded, clock: TestClock
) -> None:
    await browser.get(f"{reminded.here}/move")
    await browser.post(browser.path, start="2026-11-27T10:00:00-05:00")
    clock.now = reminded.appointment["ends_at"] + timedelta(hours=1)

    assert (await browser.get(f"/m/{LINK}")).status_code == 200


async def test_message_that_lists_a_day_shows_each_appointment_of_it(
    browser: Browser, reminded: Reminded, owner: asyncpg.Connection
) -> None:
    harbour = reminded.cast.harbour
    later = await harbour.appointment(ANA, "First visit", "Theo Roy", harbour.at(2026, 11, 25, 14))
    apart = await harbour.appointment(ANA, "First visit", "Theo Roy", harbour.at(2026, 11, 30, 14))
    speaks = await owner.fetchval("SELECT id FROM message WHERE link = $1", LINK)
    await message_made(owner, later, kind="reminder", told_with=speaks)
    await message_made(owner, apart, kind="reminder")

    await browser.get(f"/m/{LINK}")
    await browser.post(f"/m/{LINK}/appointments/{later['ref']}/confirmation")

    assert browser.text.count("when-time") == 2
    assert await owner.fetchval("SELECT array_agg(ref) FROM appointment WHERE confirmed_at IS NOT NULL") == [
        later["ref"]
    ]


@pytest.mark.parametrize("what", ["confirmation", "cancellation", "move"])
async def test_appointment_that_the_message_did_not_tell_of_is_not_found(
    browser: Browser, reminded: Reminded, what: str
) -> None:
    await browser.get(f"/m/{LINK}")

    await browser.post(f"/m/{LINK}/appointments/{reminded.bens['ref']}/{what}", start="2026-11-26T11:00:00-05:00")

    assert browser.page.status_code == 404
    row = await reminded.owner.fetchrow(
        "SELECT confirmed_at, cancelled_at, moved_at FROM appointment WHERE id = $1", reminded.bens["id"]
    )
    assert set(row) == {None}


async def test_message_to_staff_has_no_page(browser: Browser, reminded: Reminded, owner: asyncpg.Connection) -> None:
    member = await owner.fetchval("SELECT id FROM membership LIMIT 1")
    await owner.execute(
        "UPDATE message SET audience = 'practitioner', membership_id = $2 WHERE link = $1", LINK, member
    )

    assert (await browser.get(f"/m/{LINK}")).status_code == 404


@pytest.mark.parametrize("link", ["Ab3dEf9", "Ab3dEf9hh", "ab3dEf9h", "Ab3dEf9%00", "é3dEf9hx", "'; DROP--"])
async def test_link_that_is_none_is_not_found(browser: Browser, reminded: Reminded, link: str) -> None:
    assert (await browser.get(f"/m/{link}")).status_code == 404


async def test_who_guesses_is_slowed_down_and_finds_nothing_more(
    browser: Browser, reminded: Reminded, clock: TestClock
) -> None:
    right = {(await browser.get(f"/m/{LINK}")).status_code for _ in range(MISSES_AN_HOUR + 5)}
    wrong = [(await browser.get("/m/Zz3dEf9h")).status_code for _ in range(MISSES_AN_HOUR + 1)]
    slowed = (await browser.get(f"/m/{LINK}")).status_code
    clock.now += timedelta(hours=1)

    assert right == {200}
    assert wrong == [404] * MISSES_AN_HOUR + [429]
    assert (slowed, (await browser.get(f"/m/{LINK}")).status_code) == (429, 200)


async def test_page_speaks_as_its_recipient_reads(browser: Browser, reminded: Reminded, cast: Cast) -> None:
    await reminded.owner.execute(
        "UPDATE person SET language = 'fr', time_display = '24h' WHERE id = $1", cast.ana["id"]
    )

    french = (await browser.get(f"/m/{LINK}")).text
    asked = (await browser.get(f"/m/{LINK}?lang=es")).text

    assert '<html lang="fr-CA"' in french
    assert ">10:00<" in french
    assert '<html lang="es' in asked


async def test_page_of_who_has_no_account_speaks_as_the_browser(
    browser: Browser, reminded: Reminded, owner: asyncpg.Connection
) -> None:
    await owner.execute("DELETE FROM address WHERE email = $1", ANA)

    page = (await browser.get(f"/m/{LINK}", headers={"accept-language": "fr"})).text

    assert '<html lang="fr-CA"' in page


async def test_times_are_the_place_s_with_its_zone_named(
    browser: Browser, reminded: Reminded, owner: asyncpg.Connection
) -> None:
    meadow = reminded.cast.meadow
    there = await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 26, 16))
    await message_made(owner, there, link="Mb3dEf9h")

    await browser.get("/m/Mb3dEf9h")

    assert ">16:00<" in browser.text
    assert "Central European Time" in browser.text


async def test_form_of_a_page_without_referrer_is_taken(browser: Browser, reminded: Reminded) -> None:
    """Browsers name no origin there; another site's page has none of ours to name either."""
    await browser.get(f"/m/{LINK}")
    token = re.findall(r'name="_csrf" value="([^"]*)"', browser.page.text)[0]
    page = f"{reminded.here}/confirmation"

    told = [
        (await browser.http.post(page, data={"_csrf": token}, headers=headers)).status_code
        for headers in (
            {"origin": "null", "sec-fetch-site": "cross-site"},
            {"origin": "https://evil.example"},
            {"origin": "null", "sec-fetch-site": "same-origin"},
        )
    ]

    assert told == [403, 403, 303]


async def test_other_browser_of_the_same_link_needs_its_own_token(reminded: Reminded, clock: TestClock) -> None:
    async with Browser(make_app(clock)) as another:
        await another.post(f"{reminded.here}/confirmation", token="0" * 40)

    assert another.page.status_code == 403
    assert await reminded.now("confirmed_at") is None


async def test_link_of_a_child_s_visits_greets_the_adult_and_names_the_child(
    browser: Browser, reminded: Reminded, owner: asyncpg.Connection
) -> None:
    """Two on different days, told by one message; what Ana wants to hear is hers to say."""
    harbour = reminded.cast.harbour
    leo = await insert(
        owner,
        "client_record",
        tenant_id=harbour.tenant.id,
        ref="leosrecord",
        first_name="Léo",
        last_name="Silva",
        guardian_id=harbour.records[ANA]["id"],
        created_at=MONDAY,
    )
    speaks = None
    for day in (26, 27):
        visit = await harbour.appointment(
            ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, day, 10), client_record_id=leo["id"]
        )
        link = None if speaks else "Lb3dEf9h"
        message = await message_made(owner, visit, link=link, told_with=speaks["id"] if speaks else None)
        speaks = speaks or message

    await browser.get("/m/Lb3dEf9h")
    shown = browser.text
    await browser.get("/m/Lb3dEf9h/reminders")

    assert ("Hello Ana," in shown, shown.count("for Léo"), "Silva" in shown) == (True, 2, False)
    assert all(day in shown for day in ("November 26, 2026", "November 27, 2026"))
    assert browser.page.status_code == 200
