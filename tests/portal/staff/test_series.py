"""A series on the desk's pages: listed before it is booked, all or nothing, moved and cancelled from one on."""

import re
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, TORONTO, Cast
from tests.factories import insert

SERIES = "/desk/harbour/appointments/series"
WEEK = timedelta(weeks=1)
HOSTILE = "<script>alert(1)</script>"


def asked(cast: Cast, **more: Any) -> dict[str, Any]:
    """What the booking sheet sends: six Tuesdays at ten for Ben, with Nora."""
    return {
        "key": "a-key-of-this-form",
        "client": cast.harbour.records[BEN]["ref"],
        "service": cast.harbour.services["Follow-up"]["ref"],
        "practitioner": cast.harbour.practitioners["Nora Blake"]["ref"],
        "place": "",
        "start": cast.harbour.at(2026, 11, 24, 10).isoformat(),
        "minutes": "",
        "note": "left knee",
        "tell": "yes",
        "every_weeks": "1",
        "times": "6",
        "until": "",
        **more,
    }


def sent_back(browser: Browser, **more: Any) -> dict[str, Any]:
    """All fields of the page's form as they stand, the ticked ones too, and what a test changes."""
    form = browser.text[browser.text.index('<form class="form is-wide"') :].partition("</form>")[0]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        kind, name, value = (attribute(tag, each) for each in ("type", "name", "value"))
        if name == "_csrf" or (kind == "checkbox" and (" checked" not in tag or " disabled" in tag)):
            continue
        fields.setdefault(name, []).append(value)
    for select in re.findall(r"<select.*?</select>", form, re.DOTALL):
        fields[attribute(select, "name")] = re.findall(r'value="([^"]*)" selected', select)
    return fields | more


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def listed(browser: Browser) -> list[tuple[str, str]]:
    """Each day's tick: its value, and ticked, free or barred."""
    tags = re.findall(r'<input type="checkbox" name="on"[^>]*>', browser.text)
    states = ["ticked" if " checked" in tag else "barred" if " disabled" in tag else "free" for tag in tags]
    return list(zip((attribute(tag, "value") for tag in tags), states, strict=True))


async def fresh(browser: Browser) -> None:
    """A page of the desk, so that a form's token is at hand."""
    await browser.get("/desk/harbour/appointments/new")


async def booked(browser: Browser, cast: Cast, **more: Any) -> str:
    """The first one's address."""
    await browser.get("/desk/harbour/closures")
    await browser.post(SERIES, **asked(cast, **more))
    await browser.post(SERIES, **sent_back(browser))
    assert "done=series" in browser.path, browser.text
    return browser.path.partition("?")[0]


async def rows(owner: asyncpg.Connection) -> list[Any]:
    return list(await owner.fetch("SELECT * FROM appointment WHERE series_id IS NOT NULL ORDER BY id"))


async def test_days_are_listed_first_and_booked_once_then(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **asked(cast))
    shown, before = listed(nora), await rows(owner)
    fields = sent_back(nora)

    await nora.post(SERIES, **fields)
    first = nora.path
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **fields)

    made = await rows(owner)
    assert (nora.page.history[0].status_code, before) == (303, [])
    assert shown == [(str(date(2026, 11, 24) + week * WEEK), "ticked") for week in range(6)]
    assert [row["starts_at"] for row in made] == [cast.harbour.at(2026, 11, 24, 10) + week * WEEK for week in range(6)]
    assert {(row["note"], row["booked_by"]) for row in made} == {("left knee", "staff")}
    assert first == nora.path == f"/desk/harbour/appointments/{made[0]['ref']}?done=series"
    assert "1 of 6" in nora.text
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client' AND told_with IS NULL") == 1


async def test_what_stands_in_the_way_is_told_and_left_out(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 12, 1, 10))
    times = {"starts_at": harbour.at(2026, 12, 8), "ends_at": harbour.at(2026, 12, 9)}
    await insert(owner, "closure", tenant_id=harbour.tenant.id, ref="c", **times)
    await nora.get("/desk/harbour/closures")

    await nora.post(SERIES, **asked(cast))
    states, text = [state for _, state in listed(nora)], nora.text
    await nora.post(SERIES, **sent_back(nora))

    assert states == ["ticked", "barred", "free", "ticked", "ticked", "ticked"]
    assert "Ana Silva is booked then, 10:00\u202fa.m. – 10:30\u202fa.m." in text
    assert "There is time off then." in text
    assert len(await rows(owner)) == 4


async def test_what_came_in_the_way_meanwhile_is_listed_anew_and_nothing_is_booked(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **asked(cast))
    fields = sent_back(nora)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 12, 1, 10))

    await nora.post(SERIES, **fields)

    assert (nora.page.status_code, await rows(owner)) == (409, [])
    assert "something has come in the way meanwhile" in nora.text
    assert [state for _, state in listed(nora)] == ["ticked", "barred", "ticked", "ticked", "ticked", "ticked"]


async def test_overbooking_is_done_on_purpose_with_a_reason_and_only_over_what_was_shown(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    await harbour.policy(overbooking=True)
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 12, 1, 10))
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **asked(cast))
    all_days = [day for day, _ in listed(nora)]
    fields = sent_back(nora, on=all_days)

    await nora.post(SERIES, **fields)
    without = nora.page.status_code
    await nora.post(SERIES, **fields | {"insist": "overbook"})
    unreasoned = nora.page.status_code
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 12, 8, 10))
    await nora.post(SERIES, **fields | {"insist": "overbook", "why": "both agreed"})
    unseen = (nora.page.status_code, dict(listed(nora))["2026-12-08"], len(await rows(owner)))
    await nora.post(SERIES, **sent_back(nora, on=all_days, insist="overbook", why="both agreed"))

    assert (without, unreasoned, unseen) == (422, 422, (409, "free", 0))
    assert len(await rows(owner)) == 6
    overrides = await owner.fetch("SELECT what, reason FROM booking_override")
    assert [tuple(row) for row in overrides] == [("overbooked", "both agreed")] * 2


async def test_other_weeks_are_shown_before_they_are_booked(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **asked(cast))

    await nora.post(SERIES, **sent_back(nora, every_weeks="2", times="3"))

    assert (nora.page.status_code, await rows(owner)) == (200, [])
    assert listed(nora) == [("2026-11-24", "ticked"), ("2026-12-08", "ticked"), ("2026-12-22", "ticked")]


async def test_until_counts_the_day_itself(nora: Browser, cast: Cast) -> None:
    await nora.get("/desk/harbour/closures")

    await nora.post(SERIES, **asked(cast, times="", until="2026-12-08"))

    assert [day for day, _ in listed(nora)] == ["2026-11-24", "2026-12-01", "2026-12-08"]


async def test_hour_stays_on_the_wall_when_clocks_change(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    start = cast.harbour.at(2027, 3, 2, 10)

    await booked(nora, cast, start=start.isoformat(), times="4")

    walls = [row["starts_at"].astimezone(TORONTO) for row in await rows(owner)]
    assert [(at.hour, at.utcoffset()) for at in walls] == [
        (10, timedelta(hours=-5)),
        (10, timedelta(hours=-5)),
        (10, timedelta(hours=-4)),
        (10, timedelta(hours=-4)),
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"every_weeks": "0"}, "Please type a whole number from 1 to 52."),
        ({"every_weeks": "53"}, "Please type a whole number from 1 to 52."),
        ({"every_weeks": ""}, "Please fill this in."),
        ({"every_weeks": HOSTILE}, "This is too long: 12 characters at most."),
        ({"times": "1"}, "Please type a whole number from 2 to 104."),
        ({"times": "105"}, "Please type a whole number from 2 to 104."),
        ({"times": ""}, "Please say how often, or until which day."),
        ({"times": "", "until": "2026-11-25"}, "Until then there is only one."),
        ({"times": "", "until": "2026-02-30"}, "There is no such day."),
        ({"times": "", "until": "2199-12-31"}, "A series has 104 appointments at most."),
        ({"every_weeks": "52", "times": "4"}, "A series ends by"),
        ({"every_weeks": "52", "times": "104"}, "A series ends by"),
        ({"start": "2199-12-31T10:00:00-05:00"}, "A series ends by"),
        ({"start": "yesterday"}, "This time cannot be read."),
        ({"start": "", "day": "2027-03-14", "time": "02:30"}, "The clocks change that night"),
        ({"practitioner": "any"}, "Please choose who gives what is repeated."),
        ({"minutes": "1441"}, "Please type a whole number from 1 to 1440."),
        ({"client": "", "first_name": HOSTILE * 9}, "This is too long"),
        ({"client": "new", "first_name": "Dee", "last_name": "Ray", "email": "dee@"}, "This is not an e-mail address."),
        ({"note": "x\x00y"}, "This holds a sign that cannot be kept."),
        ({"key": "k" * 65}, "This is too long"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_is_booked(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, typed: dict[str, str], words: str
) -> None:
    await nora.get("/desk/harbour/closures")

    for listed_before in ("", "a-fingerprint"):
        await nora.post(SERIES, **asked(cast, **typed), listed=listed_before, on="2026-11-24")

        assert (nora.page.status_code, words in nora.text, await rows(owner)) == (422, True, [])
        assert HOSTILE not in nora.page.text


@pytest.mark.parametrize(
    "typed",
    [
        {"on": []},
        {"on": ["2026-11-25", HOSTILE, "\x00"]},
        {"on": ["2026-11-24"] * 90, "met": [HOSTILE] * 50, "insist": [HOSTILE, "overbook"], "why": ""},
        {"why": "x" * 501},
    ],
)
async def test_hostile_ticks_book_nothing(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, typed: dict[str, Any]
) -> None:
    await nora.get("/desk/harbour/closures")
    await nora.post(SERIES, **asked(cast))

    await nora.post(SERIES, **sent_back(nora, **typed))

    assert (nora.page.status_code, await rows(owner)) == (422, [])
    assert HOSTILE not in nora.page.text


async def test_clients_services_and_people_of_another_practice_are_not_found(nora: Browser, cast: Cast) -> None:
    meadow = cast.meadow
    for more in (
        {"client": meadow.records[ANA_AT_MEADOW]["ref"]},
        {"service": meadow.services["Massage"]["ref"]},
        {"practitioner": meadow.practitioners["Lea Martin"]["ref"]},
    ):
        await nora.get("/desk/harbour/closures")
        await nora.post(SERIES, **asked(cast, **more))
        assert nora.page.status_code in {404, 422}
        assert "Massage" not in nora.text


async def test_new_client_is_made_with_the_series(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    new = {"client": "new", "first_name": "Dee", "last_name": "Ray", "email": "Dee@Example.org", "phone": ""}

    await booked(nora, cast, **new)

    assert (
        await owner.fetchval(
            "SELECT count(*) FROM appointment JOIN client_record ON client_record.id = client_record_id"
            " WHERE email = 'dee@example.org'"
        )
        == 6
    )


async def test_sheet_in_its_place_answers_with_fragments(nora: Browser, cast: Cast) -> None:
    await nora.get("/desk/harbour/closures")
    nora.http.headers["hx-request"] = "true"
    token = re.findall(r'name="_csrf" value="([^"]+)"', nora.page.text)[0]

    await nora.post(SERIES, **asked(cast))
    shown = nora.text
    await nora.post(SERIES, token=token, **sent_back(nora))

    assert ("<html" in shown, shown.lstrip().startswith('<div id="sheet"'), "The days of the series" in shown) == (
        False,
        True,
        True,
    )
    assert (nora.page.status_code, nora.page.headers["hx-trigger"], "The series is booked." in nora.text) == (
        200,
        "booked",
        True,
    )


async def test_moving_this_and_the_following_lists_them_first(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await booked(nora, cast)
    series = await rows(owner)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 12, 16, 14))
    page = f"/desk/harbour/appointments/{series[2]['ref']}/following/move"
    await nora.get(page)

    await nora.post(page, **sent_back(nora, day="2026-12-09", time="14:00"))
    states, text = listed(nora), nora.text
    await nora.post(page, **sent_back(nora))

    assert [state for _, state in states] == ["ticked", "barred", "ticked", "ticked"]
    assert "Ana Silva is booked then" in text
    assert "It stays where it is." in text
    assert nora.path == f"/desk/harbour/appointments/{series[2]['ref']}?done=series-moved"
    local = [row["starts_at"].astimezone(TORONTO) for row in await rows(owner)]
    assert [(at.day, at.hour) for at in local] == [(24, 10), (1, 10), (9, 14), (15, 10), (23, 14), (30, 14)]


async def test_move_of_what_has_changed_meanwhile_is_listed_anew(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await booked(nora, cast)
    series = await rows(owner)
    page = f"/desk/harbour/appointments/{series[2]['ref']}/following/move"
    await nora.get(page)
    await nora.post(page, **sent_back(nora, time="14:00"))
    fields = sent_back(nora)
    await owner.execute("UPDATE appointment SET sequence = sequence + 1 WHERE id = $1", series[4]["id"])

    await nora.post(page, **fields)

    assert nora.page.status_code == 409
    assert [row["starts_at"] for row in await rows(owner)] == [row["starts_at"] for row in series]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2026-02-30"}, "There is no such day."),
        ({"day": "2029-12-01"}, "A series ends by"),
        ({"day": "2199-12-31"}, "A series ends by"),
        ({"time": "25:00"}, "Please type a time like 09:30."),
        ({"time": "24:00", "day": ""}, "Please fill this in."),
        ({"minutes": "0"}, "Please type a whole number from 1 to 1440."),
        ({"minutes": ""}, "Please fill this in."),
        ({"practitioner": HOSTILE}, "Please choose one of these."),
        ({"place": HOSTILE}, "Please choose one of these."),
    ],
)
async def test_move_that_cannot_be_changes_nothing(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, typed: dict[str, str], words: str
) -> None:
    await booked(nora, cast, times="2")
    before = await rows(owner)
    page = f"/desk/harbour/appointments/{before[0]['ref']}/following/move"
    await nora.get(page)

    await nora.post(page, **sent_back(nora, **typed))

    assert (nora.page.status_code, words in nora.text, HOSTILE in nora.page.text) == (422, True, False)
    assert [tuple(row) for row in await rows(owner)] == [tuple(row) for row in before]


@pytest.mark.parametrize("tell", ["yes", "no"])
async def test_following_are_cancelled_and_taken_back(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, tell: str
) -> None:
    await booked(nora, cast)
    series = await rows(owner)
    here = f"/desk/harbour/appointments/{series[2]['ref']}"
    await nora.get(f"{here}/following/cancellation")
    said = "4 appointments are cancelled:" in nora.text
    stood = re.findall(r'name="stood" value="(\w+)"', nora.text)[0]

    await nora.post(f"{here}/following/cancellation", reason="away", tell=tell, stood=stood)
    live = [row["cancelled_at"] is None for row in await rows(owner)]
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", series[3]["starts_at"])
    undo = re.findall(r'name="tell" value="(\w+)"', nora.text)
    await nora.post(f"{here}/following/restoration", tell=undo[0])

    assert (said, live, undo) == (True, [True, True, False, False, False, False], [tell])
    assert [row["cancelled_at"] is None for row in await rows(owner)] == [True, True, True, False, True, True]
    assert nora.path == f"{here}?done=series-restored-in-part"
    unsaid = await owner.fetchval("SELECT count(*) FROM message WHERE skip_reason = 'left_unsaid'")
    assert unsaid == 0  # the client has not even heard of the booking yet


async def test_cancelling_what_has_changed_meanwhile_lists_it_anew(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await booked(nora, cast)
    series = await rows(owner)
    here = f"/desk/harbour/appointments/{series[2]['ref']}"
    await nora.get(f"{here}/following/cancellation")
    stood = re.findall(r'name="stood" value="(\w+)"', nora.text)[0]
    await owner.execute(
        "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'staff' WHERE id = $1", series[5]["id"], MONDAY
    )

    await nora.post(f"{here}/following/cancellation", reason="away", stood=stood)

    assert (nora.page.status_code, "3 appointments are cancelled:" in nora.text) == (409, True)
    assert sum(row["cancelled_at"] is None for row in await rows(owner)) == 5


async def test_appointment_of_no_series_has_no_following(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    alone = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    here = f"/desk/harbour/appointments/{alone['ref']}"

    told = [(await nora.get(f"{here}/following/{page}")).status_code for page in ("move", "cancellation")]
    await nora.get(here)
    shown = 'id="series"' in nora.text
    told += [(await nora.post(f"{here}/following/restoration")).status_code]

    assert (told, shown) == ([404, 404, 404], False)


async def test_log_lists_the_one_message_of_a_series_once(nora: Browser, cast: Cast) -> None:
    await booked(nora, cast)

    await nora.get("/desk/harbour/messages")
    in_log = nora.text.count("One message tells of 6 appointments.")
    await nora.get(f"/desk/harbour/clients/{cast.harbour.records[BEN]['ref']}")

    assert (in_log, nora.text.count("One message tells of 6 appointments.")) == (1, 1)
