"""What people do again and again, as they would tell it."""

from datetime import datetime

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
