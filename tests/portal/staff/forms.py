"""What is typed into the forms of the settings, and how a test sends it."""

import re
from typing import Any

from tests.browser import Browser
from tests.cast import Cast

SERVICE: dict[str, Any] = {
    "name": "Shockwave",
    "about": "Ten minutes.",
    "minutes": "20",
    "before": "5",
    "after": "10",
    "step": "20",
    "price": "85,50",
    "capacity": "1",
    "booked_by": "online",
}
POLICY: dict[str, Any] = {
    "minimum_notice": "3",
    "minimum_notice_unit": "days",
    "horizon": "60",
    "cancel_notice": "48",
    "cancel_notice_unit": "hours",
    "move_notice": "0",
    "move_notice_unit": "hours",
    "mercy": "15",
    "mercy_unit": "minutes",
    "daily_limit": "2",
    "open_limit": "4",
    "new_clients": "yes",
    "request_lasts": "3",
    "request_lasts_unit": "days",
    "offer_lasts": "45",
    "offer_lasts_unit": "minutes",
    "offer_to": "all",
}
REMINDER: dict[str, Any] = {
    "channel": "sms",
    "ahead": "4",
    "ahead_unit": "days",
    "condition": "unconfirmed",
    "late": "send",
    "left": "3",
    "left_unit": "hours",
}
SENDING: dict[str, Any] = {
    "quiet_from": "20:00",
    "quiet_until": "07:30",
    "sms_on": "yes",
    "sms_budget": "250",
    "sms_folds": "yes",
    "notices": ["booked", "cancelled"],
}


def seen_in(browser: Browser) -> str:
    found: str = re.findall(r'name="seen" value="(\w*)"', browser.page.text)[0]
    return found


def shown_in(browser: Browser) -> dict[str, str]:
    """The boxes that a page has, as its form says them back."""
    return dict(re.findall(r'name="(shown_\w+)" value="([^"]*)"', browser.page.text))


def place(cast: Cast) -> str:
    ref: str = cast.harbour.places["Harbour House"]["ref"]
    return ref


def who(cast: Cast, name: str) -> str:
    ref: str = cast.harbour.practitioners[name]["ref"]
    return ref


async def add_hours(browser: Browser, cast: Cast, name: str = "Nora Blake", **more: Any) -> None:
    await browser.get("/desk/harbour/hours")
    fields = {"weekday": ["5"], "opens": "09:00", "closes": "12:00", "from_day": "", "until_day": ""}
    await browser.post(
        "/desk/harbour/hours", **{"practitioner": who(cast, name), "place": place(cast), **fields, **more}
    )


async def set_day(browser: Browser, cast: Cast, **more: Any) -> None:
    await browser.get("/desk/harbour/hours")
    fields = {"day": "2026-11-24", "day_place": place(cast), "day_opens": "18:00", "day_closes": "20:00"}
    await browser.post("/desk/harbour/hours/days", **{"practitioner": who(cast, "Nora Blake"), **fields, **more})


async def close(browser: Browser, **more: Any) -> None:
    """`whom` is everybody, one of them by ref, or "some" with their refs in `practitioner`."""
    await browser.get("/desk/harbour/closures")
    fields: dict[str, Any] = {
        "whom": "all",
        "place": "all",
        "from_day": "2026-11-24",
        "from_time": "",
        "until_day": "2026-11-25",
        "until_time": "",
        "reason": "painting",
    }
    await browser.post("/desk/harbour/closures", **fields | more)
