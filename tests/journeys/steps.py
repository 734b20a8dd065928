"""What people do again and again, as they would tell it."""

from datetime import datetime

from playwright.async_api import Locator

from tests.journeys.demo import Demo
from tests.journeys.visitor import Visitor


async def sign_in(visitor: Visitor, demo: Demo, email: str) -> None:
    await visitor.go("/sign-in")
    await visitor.type("E-mail address", email)
    await visitor.press("Send me a code")
    await visitor.type("Six-digit code", await demo.code_sent_to(email))
    await visitor.page.locator("main").get_by_role("button", name="Sign in").click()
    await visitor.page.wait_for_url(lambda address: "/sign-in" not in address)


async def choose_time(
    visitor: Visitor, service: str = "Follow-up", who: str = "Nora Blake", number: int = 0
) -> datetime:
    """From the practice's page to the details; which of the day's free times is told by its number."""
    await visitor.go("/p/harbour")
    await visitor.follow("Book an appointment")
    await visitor.follow(service, exact=True)
    await visitor.follow(who)
    await visitor.page.locator("[aria-current=true]", has_text=who).wait_for()
    return await take_time(visitor, number)


async def take_time(visitor: Visitor, number: int = 0) -> datetime:
    button = visitor.page.locator("button[name=start]").nth(number)
    starts_at = datetime.fromisoformat(await button.get_attribute("value") or "")
    await button.click()
    await visitor.page.wait_for_url("**/holds/*")
    return starts_at


async def give_details(visitor: Visitor, email: str, note: str = "") -> None:
    await visitor.type("E-mail address", email)
    await visitor.type("First name", "Cleo")
    await visitor.type("Last name", "Laurent")
    if note:
        await visitor.page.get_by_label("Anything we should know?").fill(note)
    await visitor.press("Go on")
    await visitor.page.wait_for_url("**/code")


async def prove_address(visitor: Visitor, demo: Demo, email: str) -> None:
    await visitor.type("Six-digit code", await demo.code_sent_to(email))
    await visitor.press("Book this appointment")
    await visitor.page.wait_for_url("**/appointments/*")


def said_in_mail(at: datetime) -> str:
    """Day and time, each on a line of its own; what stands between hour and sign is the language's business."""
    return f"{at:%A, %B} {at.day}, {at.year}\n{(at.hour - 1) % 12 + 1}:{at:%M}"


async def drawn(visitor: Visitor) -> None:
    """The calendar has drawn what it was fed at least once."""
    await visitor.page.locator("[data-drawn]").wait_for()


def block(visitor: Visitor, name: str, number: int = 0) -> Locator:
    """An appointment of this client on the drawn calendar."""
    return visitor.page.locator(".ec-event.is-booked:not(.ec-ghost, .ec-preview)", has_text=name).nth(number)


async def drag_block(visitor: Visitor, name: str, time: str, column: str | None = None) -> None:
    """Moves the client's block by the mouse to a wall time like 14:30, and to another column where one is named."""
    moved = await _in_sight(visitor, name)
    box = await moved.bounding_box()
    assert box is not None
    across = await _middle_of(visitor, column) if column else box["x"] + box["width"] / 2
    x, y = box["x"] + box["width"] / 2, box["y"] + 6
    await visitor.page.mouse.move(x, y)
    await visitor.page.mouse.down()
    await visitor.page.mouse.move(across, await height_of(visitor, time) + 6, steps=8)
    await visitor.page.mouse.up()


async def stretch_block(visitor: Visitor, name: str, until: str) -> None:
    """Pulls the lower edge of the client's block to a wall time."""
    moved = await _in_sight(visitor, name)
    box = await moved.bounding_box()
    assert box is not None
    x = box["x"] + box["width"] / 2
    await visitor.page.mouse.move(x, box["y"] + box["height"] - 3)
    await visitor.page.mouse.down()
    await visitor.page.mouse.move(x, await height_of(visitor, until) - 3, steps=8)
    await visitor.page.mouse.up()


async def press_free_time(visitor: Visitor, time: str, column: str) -> None:
    await visitor.page.mouse.click(await _middle_of(visitor, column), await height_of(visitor, time) + 3)


async def height_of(visitor: Visitor, time: str) -> float:
    """Where a wall time stands on the drawn calendar, in pixels of the window."""
    y: float = await visitor.page.evaluate(_HEIGHT_OF, time)
    return y


async def _in_sight(visitor: Visitor, name: str) -> Locator:
    """The client's block, on a screen that holds the whole day: what scrolls under the mouse is dropped elsewhere."""
    await visitor.page.set_viewport_size({"width": 1280, "height": 1600})
    moved = block(visitor, name)
    await moved.hover()
    return moved


async def _middle_of(visitor: Visitor, column: str) -> float:
    box = await visitor.page.locator(".ec-col-head", has_text=column).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2


_HEIGHT_OF = """time => {
    const minutes = wall => Number(wall.slice(0, 2)) * 60 + Number(wall.slice(3, 5));
    const slots = [...document.querySelectorAll(".ec-body .ec-slot time")].map(slot => slot.dateTime.slice(-8));
    const day = document.querySelector(".ec-body .ec-day").getBoundingClientRect();
    const hour = document.querySelector(".ec-body .ec-slot").getBoundingClientRect().height;
    return day.top + (minutes(time) - minutes(slots[0])) / 60 * hour;
}"""
_POST = """([action, fields]) => {
    const form = document.createElement('form');
    Object.assign(form, {method: 'post', action});
    const token = document.querySelector('[name=_csrf]').value;
    for (const [name, value] of Object.entries({_csrf: token, ...fields})) {
        form.append(Object.assign(document.createElement('input'), {type: 'hidden', name, value}));
    }
    document.body.append(form);
    form.submit();
}"""


async def post_fields(visitor: Visitor, path: str, fields: dict[str, str]) -> None:
    """As a form of the page would send them. The page at hand must have a form of its own, whose token is taken."""
    async with visitor.page.expect_navigation():
        await visitor.page.evaluate(_POST, [path, fields])
