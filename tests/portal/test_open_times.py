from datetime import timedelta

import pytest

from tests.browser import Browser
from tests.cast import ANA, Cast


def query(cast: Cast, **more: str) -> dict[str, str]:
    return {"service": cast.harbour.services["Follow-up"]["ref"], "day": "2026-11-24", **more}


async def test_day_lists_each_start_once_with_who_and_where(browser: Browser, cast: Cast) -> None:
    answer = await browser.get("/p/harbour/open-times", params=query(cast))

    times = answer.json()["times"]
    assert len(times) == len({time["start"] for time in times}) == 31
    assert times[0] == {
        "start": "2026-11-24T09:00:00-05:00",
        "practitioner": cast.harbour.practitioners["Nora Blake"]["ref"],
        "place": cast.harbour.places["Harbour House"]["ref"],
    }


async def test_taken_time_of_one_practitioner_is_left_out(browser: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 9))
    nora = cast.harbour.practitioners["Nora Blake"]["ref"]

    answer = await browser.get("/p/harbour/open-times", params=query(cast, practitioner=nora))

    assert answer.json()["times"][0]["start"] == "2026-11-24T09:30:00-05:00"


async def test_month_lists_the_days_with_anything_free(browser: Browser, cast: Cast) -> None:
    answer = await browser.get("/p/harbour/open-days", params=query(cast, month="2026-11-01"))

    first = cast.harbour.at(2026, 11, 23).date()
    expected = [first + timedelta(days=number) for number in (0, 1, 2, 3, 4, 7)]
    assert answer.json() == {"month": "2026-11-01", "days": [str(day) for day in expected]}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"day": "2027-02-30"}, 400),
        ({"day": "0001-01-01"}, 400),
        ({"day": "9999-12-31"}, 400),
        ({"day": "soon"}, 400),
        ({"day": ""}, 400),
        ({"service": "nothing"}, 404),
        ({"service": "\x00"}, 404),
        ({"practitioner": "nobody"}, 404),
        ({"place": "nowhere"}, 404),
    ],
)
async def test_bad_question_gets_a_clear_answer(
    browser: Browser, cast: Cast, wrong: dict[str, str], status: int
) -> None:
    answer = await browser.get(
        "/p/harbour/open-times", params=query(cast, **wrong), headers={"accept": "application/json"}
    )

    assert answer.status_code == status
    assert answer.json()["error"]


async def test_neighbours_service_is_unknown_here(browser: Browser, cast: Cast) -> None:
    theirs = cast.meadow.services["Massage"]["ref"]

    answer = await browser.get("/p/harbour/open-times", params=query(cast, service=theirs))

    assert answer.status_code == 404


async def test_practitioner_who_does_not_give_the_service_is_refused(browser: Browser, cast: Cast) -> None:
    alone = await cast.harbour.service("Nora alone", 30, by=["Nora Blake"])
    theo = cast.harbour.practitioners["Theo Roy"]["ref"]

    answer = await browser.get("/p/harbour/open-times", params=query(cast, service=alone["ref"], practitioner=theo))

    assert answer.status_code == 422
