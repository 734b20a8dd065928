"""Asking why an hour is not offered: each reason in a whole sentence, with its facts and a way on."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from babel import Locale

from portal.database import practice_lens
from portal.languages.formats import Formats
from portal.languages.words import offered_languages, words_in
from portal.staff.book.why_words import SENTENCES, Told, why_words
from tenants.arranging.ask_why import Answer
from tenants.arranging.taken import Taken
from tenants.arranging.why import BUFFER, REASONS, Asked, Closed
from tenants.booking.plan import load_plan
from tests.browser import Browser, make_app
from tests.cast import ANA, BEN, LEA, MONDAY, Cast
from tests.factories import insert
from tests.portal.staff.forms import who
from tests.tenants.booking.test_booking import hold

TOLD = [
    (
        "follow_up",
        "2026-11-24",
        "07:00",
        "7:00 a.m. is outside the opening hours of Nora Blake that day (9:00 a.m. – 5:00 p.m.).",
        "hours?practitioner={nora}",
    ),
    (
        "follow_up",
        "2026-11-29",
        "10:00",
        "Nora Blake has no opening hours that day.",
        "hours?practitioner={nora}",
    ),
    (
        "follow_up",
        "2026-11-24",
        "16:45",
        "Follow-up would last until 5:15 p.m., beyond the opening hours of Nora Blake that day",
        "services/{follow_up}",
    ),
    (
        "follow_up",
        "2026-11-25",
        "12:30",
        "There is time off then (Wednesday, November 25, 2026, 12:00 p.m. – 2:00 p.m.): Team lunch.",
        "closures/alunchhere",
    ),
    (
        "follow_up",
        "2026-11-24",
        "10:05",
        "10:05 a.m. is no start: Follow-up begins every 15 minutes from 9:00 a.m. on.",
        "services/{follow_up}",
    ),
    ("follow_up", "2026-11-20", "10:00", "This time has passed.", ""),
    (
        "follow_up",
        "2026-11-23",
        "09:00",
        "Clients book at least 2 hours ahead, and this begins sooner.",
        "policy",
    ),
    ("follow_up", "2027-06-01", "10:00", "Clients book up to 90 days ahead, and this begins later.", "policy"),
    (
        "follow_up",
        "2026-11-26",
        "09:00",
        "A client is booking this time with Nora Blake at this moment (9:00 a.m. – 9:30 a.m.).",
        "",
    ),
    (
        "follow_up",
        "2026-11-24",
        "11:30",
        "Nora Blake is booked then (Ana Silva, 11:00 a.m. – 12:00 p.m.).",
        "appointments/{anas}",
    ),
    (
        "follow_up",
        "2026-11-24",
        "12:00",
        "appointment of Ana Silva (11:00 a.m. – 12:00 p.m.) fill the time of Nora Blake (11:00 a.m. – 12:15 p.m.).",
        "appointments/{anas}",
    ),
    (
        "first",
        "2026-11-24",
        "10:00",
        "would take 10:00 a.m. – 11:15 a.m., where Nora Blake is booked (Ana Silva, 11:00 a.m. – 12:00 p.m.).",
        "services/{first}",
    ),
]


def plain(page: str) -> str:
    """With ordinary spaces."""
    return page.replace("\u202f", " ").replace("\xa0", " ")


async def ask(browser: Browser, cast: Cast, day: str, time: str, **more: str) -> str:
    fields = {"service": cast.harbour.services["Follow-up"]["ref"], "practitioner": who(cast, "Nora Blake")}
    query = "&".join(f"{name}={value}" for name, value in (fields | {"day": day, "time": time} | more).items())
    await browser.get(f"/desk/harbour/why?{query}")
    return browser.text


async def test_offered_time_leads_to_booking_it(nora: Browser, cast: Cast) -> None:
    page = await ask(nora, cast, "2026-11-24", "10:00")

    assert "offered</p>" in page
    link = re.findall(r'href="(/desk/harbour/appointments/new\?[^"]+)"> *<svg.*?Book it', page, re.DOTALL)[0]
    assert (await nora.get(link)).status_code == 200
    assert "Nora Blake" in nora.text


async def test_each_reason_is_told_with_its_facts(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    kept = await harbour.appointment(ANA, "First visit", "Nora Blake", harbour.at(2026, 11, 24, 11))
    times = {"starts_at": harbour.at(2026, 11, 25, 12), "ends_at": harbour.at(2026, 11, 25, 14)}
    facts = {"tenant_id": harbour.tenant.id, "ref": "alunchhere", "reason": "Team lunch"}
    await insert(owner, "closure", **facts, **times)
    await hold(harbour, harbour.at(2026, 11, 26, 9))
    refs = {"first": harbour.services["First visit"]["ref"], "follow_up": harbour.services["Follow-up"]["ref"]}
    refs |= {"nora": who(cast, "Nora Blake"), "anas": kept["ref"]}

    for service, day, time, sentence, way in TOLD:
        page = plain(await ask(nora, cast, day, time, service=refs[service]))

        told = re.sub(r"<[^>]+>", " ", page[page.find("answer-title") :])
        assert sentence in told
        assert not way or f'href="/desk/harbour/{way.format(**refs)}"' in page, sentence


async def test_buffers_of_both_are_told(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE service SET buffer_before = '10 minutes' WHERE name = 'Follow-up'")
    harbour = cast.harbour
    await harbour.appointment(ANA, "First visit", "Nora Blake", harbour.at(2026, 11, 24, 9))

    page = await ask(nora, cast, "2026-11-24", "10:15")

    assert "which meets those kept free for Ana Silva" in page


async def test_service_that_somebody_does_not_give_is_told(nora: Browser, cast: Cast) -> None:
    await cast.harbour.service("Shockwave", 20, by=["Theo Roy"])
    shockwave = cast.harbour.services["Shockwave"]["ref"]

    page = await ask(nora, cast, "2026-11-24", "10:00", service=shockwave)
    assert "Nora Blake does not give Shockwave." in page
    assert f'href="/desk/harbour/services/{shockwave}"' in page

    attic = await cast.harbour.place("Attic")
    page = await ask(nora, cast, "2026-11-24", "10:00", place=attic["ref"])
    assert "Follow-up is not given there: Attic." in page


async def test_anyone_is_one_answer_for_each_who_could_give_it(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await cast.harbour.service("Shockwave", 20, by=["Theo Roy"])

    page = await ask(nora, cast, "2026-11-24", "10:00", practitioner="any")
    assert re.findall(r"<h3>([^<]+)</h3>", page) == ["Nora Blake", "Theo Roy"]
    assert len(re.findall(r"not offered</p>", page)) == 1

    shockwave = cast.harbour.services["Shockwave"]["ref"]
    page = await ask(nora, cast, "2026-11-24", "10:00", practitioner="any", service=shockwave)
    assert re.findall(r"<h3>([^<]+)</h3>", page) == ["Theo Roy"]


async def test_service_that_nobody_gives_is_told(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("DELETE FROM service_practitioner")

    assert "Nobody gives this service yet." in await ask(nora, cast, "2026-11-24", "10:00", practitioner="any")


async def test_next_free_time_is_told_by_whom_it_is(nora: Browser, cast: Cast) -> None:
    for hour in (10, 11):
        await cast.harbour.appointment(
            BEN, "First visit", "Nora Blake", cast.harbour.at(2026, 11, 24, hour, 15 * (hour - 10))
        )

    page = plain(await ask(nora, cast, "2026-11-24", "10:00", practitioner="any"))
    assert re.findall(r"Next free after it: <a[^>]+>([^<]+)<", page) == [
        "Tuesday, November 24, 2026 at 12:30 p.m.",
        "Tuesday, November 24, 2026 at 10:15 a.m.",
    ]
    assert "Nothing later is free" in await ask(nora, cast, "2027-06-01", "10:00")


async def test_time_that_the_clock_skips_or_shows_twice_is_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE opening_hours SET weekday = 6, opens = 0, closes = 1440 WHERE weekday = 0")
    await cast.harbour.policy(horizon=timedelta(days=400))

    page = plain(await ask(nora, cast, "2027-03-14", "02:30"))
    assert "There is no such time that night: the clocks are set forward to 3:00 a.m. then." in page
    page = await ask(nora, cast, "2027-11-07", "01:30")
    assert "comes twice; the first one is meant" in page
    assert "2027-11-07T01%3A30%3A00-04%3A00" in page
    assert "comes twice" not in await ask(nora, cast, "2027-11-07", "02:30")


BAD = [
    ({"service": ""}, "service"),
    ({"service": "nobody"}, "service"),
    ({"practitioner": "%00"}, "practitioner"),
    ({"place": "nowhere"}, "place"),
    ({"day": ""}, "day"),
    ({"day": "2027-02-30"}, "day"),
    ({"day": "9999-12-31"}, "day"),
    ({"time": "25:00"}, "time"),
    ({"time": "x" * 3000}, "time"),
]


async def test_bad_question_is_told_at_its_field(nora: Browser, cast: Cast) -> None:
    for wrong, field in BAD:
        query: dict[str, Any] = {"day": "2026-11-24", "time": "10:00"} | wrong
        page = await ask(nora, cast, **query)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in page, wrong
    for day, time in (("2000-01-01", "00:00"), ("2199-12-31", "24:00")):
        await ask(nora, cast, day, time, practitioner="any")
        assert nora.page.status_code == 200, day


async def test_other_practice_s_things_are_no_choice(
    nora: Browser, cast: Cast, clock: Any, owner: asyncpg.Connection
) -> None:
    massage, lea_s = cast.meadow.services["Massage"]["ref"], cast.meadow.practitioners["Lea Martin"]["ref"]

    for more in ({"service": massage}, {"practitioner": lea_s}, {"place": cast.meadow.places["Studio"]["ref"]}):
        page = await ask(nora, cast, "2026-11-24", "10:00", **more)
        assert nora.page.status_code == 422, more
        assert ("Massage" in page, "Lea Martin" in page) == (False, False)
    async with Browser(make_app(clock)) as lea:
        await lea.sign_in(LEA, owner)
        assert (await lea.get("/desk/harbour/why")).status_code == 404


async def test_professional_is_led_to_what_is_theirs_alone(theo: Browser, cast: Cast) -> None:
    page = await ask(theo, cast, "2026-11-24", "07:00", practitioner="any")

    ways = re.findall(r'class="choice" href="(/desk/harbour/hours\?[^"]+)"', page)
    assert ways == [f"/desk/harbour/hours?practitioner={who(cast, 'Theo Roy')}"]
    assert "/policy" not in re.findall(r'class="choice" href="([^"]+)"', await ask(theo, cast, "2027-06-01", "10:00"))


async def test_number_of_queries_does_not_grow(nora: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    plain = asyncpg.Connection.fetch

    async def counted(self: Any, query: str, *values: Any, **more: Any) -> Any:
        asked.append(query)
        return await plain(self, query, *values, **more)

    monkeypatch.setattr(asyncpg.Connection, "fetch", counted)
    counts = []
    for number in range(3):
        await ask(nora, cast, "2026-11-24", "10:00", practitioner="any")
        asked.clear()
        await ask(nora, cast, "2026-11-24", "10:00", practitioner="any")
        counts.append(len(asked))
        for more in range(4):
            name = f"Practitioner {number} {more}"
            await cast.harbour.practitioner(name)
            row = cast.harbour.services["Follow-up"]["id"], cast.harbour.practitioners[name]["id"]
            await insert(
                cast.harbour.owner,
                "service_practitioner",
                tenant_id=cast.harbour.tenant.id,
                service_id=row[0],
                practitioner_id=row[1],
            )

    assert len(set(counts)) == 1
    assert counts[0] < 15


def every_closed(asked: Asked) -> Iterator[Closed]:
    """Each reason in each shape that has a sentence of its own."""
    begins, ends = asked.span
    hours = ((1, 540, 1020),)
    for why in REASONS:
        yield Closed(why, hours, (begins, ends), Taken(1, 1, "aref", "Ana Silva", (begins, ends), (begins, ends), 1, 1))
    yield Closed("outside_hours")
    for span, blocked in (
        ((begins - 1800, begins - 600), (begins - 1800, begins + 600)),
        ((ends + 600, ends + 1800), (ends + 600, ends + 1800)),
        ((ends + 840, ends + 1800), (ends + 600, ends + 1800)),
    ):
        yield Closed(BUFFER, taken=Taken(1, 1, "aref", "Ana Silva", span, blocked, 1, 1))


@pytest.mark.parametrize("language", offered_languages())
async def test_every_reason_has_one_whole_sentence(cast: Cast, language: str) -> None:
    """The place of a service, the closure and the hours told where they are known and where they are not."""
    async with practice_lens(cast.harbour.tenant):
        plan = await load_plan(cast.harbour.tenant)
    service = plan.service(cast.harbour.services["First visit"]["ref"])
    start = int(datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/Toronto")).timestamp())
    row = {"starts_at": MONDAY, "ends_at": MONDAY + timedelta(hours=2), "reason": "Painting."}
    formats = Formats(Locale(language), cast.harbour.tenant.zone)
    said = {}
    for place in (None, next(iter(plan.places))):
        asked = Asked(service, service.practitioners[0], place, start)
        for number, closed in enumerate(every_closed(asked)):
            for closure in (None, row, row | {"reason": ""}):
                told = Told(
                    Answer(asked, closed, closure, None),
                    closed,
                    plan,
                    cast.harbour.tenant,
                    words_in(language),
                    formats,
                )
                said[number, closed.why, place, bool(closure)] = why_words(told)

    assert {key: words for key, words in said.items() if not re.fullmatch(r"[^\W_].*[^.]\.", words)} == {}
    assert not any("%(" in words or "None" in words for words in said.values())


def test_no_words_are_kept_for_reasons_that_are_gone() -> None:
    assert set(SENTENCES) == set(REASONS)
