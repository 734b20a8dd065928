"""The way to every page, told without a word of it, so that it can be walked in any language."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.cast import ANA, CLEO
from tests.journeys.demo import Demo
from tests.journeys.visitor import Visitor

Way = Callable[[Visitor, Demo], Awaitable[None]]


@dataclass(frozen=True)
class PageUnderTest:
    """`who` has signed in before; nobody for a stranger."""

    name: str
    way: Way
    who: str | None = None
    status: int = 200

    def __str__(self) -> str:
        return self.name


def at(path: str) -> Way:
    async def go(visitor: Visitor, _: Demo) -> None:
        await visitor.go(path)

    return go


async def times(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/p/harbour/book?service={await _service(demo)}")


async def full_day(visitor: Visitor, demo: Demo) -> None:
    """A Sunday, far enough ahead to have a Monday behind it."""
    day = await demo.owner.fetchval("SELECT (date_trunc('week', now()) + interval '13 days')::date")
    await visitor.go(f"/p/harbour/book?service={await _service(demo)}&day={day}")


async def hold(visitor: Visitor, demo: Demo) -> None:
    await times(visitor, demo)
    await visitor.page.locator("button[name=start]").first.click()
    await visitor.page.wait_for_url("**/holds/*")


async def expired_hold(visitor: Visitor, demo: Demo) -> None:
    await hold(visitor, demo)
    await demo.owner.execute("UPDATE hold SET expires_at = now()")
    await visitor.page.reload()


async def hold_with_errors(visitor: Visitor, demo: Demo) -> None:
    await hold(visitor, demo)
    await visitor.page.locator("form.form").evaluate("form => { form.noValidate = true; }")
    await visitor.page.locator("[name=email]").fill("cleo@nowhere")
    await _submit(visitor)


async def code(visitor: Visitor, demo: Demo) -> None:
    await hold(visitor, demo)
    for name, typed in (("email", CLEO), ("first_name", "Cleo"), ("last_name", "Laurent")):
        await visitor.page.locator(f"[name={name}]").fill(typed)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/code")


async def wrong_code(visitor: Visitor, demo: Demo) -> None:
    await code(visitor, demo)
    await visitor.page.locator("[name=code]").fill("12345")
    await _submit(visitor)


async def booked(visitor: Visitor, demo: Demo) -> None:
    await hold(visitor, demo)
    await visitor.page.locator("[name=note]").fill("Left knee\nStairs are hard")
    await _submit(visitor)
    await visitor.page.wait_for_url("**/appointments/*")


async def taken(visitor: Visitor, demo: Demo) -> None:
    """Somebody else has just been quicker: the staff, by blocking the day behind the page's back."""
    await times(visitor, demo)
    first = visitor.page.locator("button[name=start]").first
    await first.evaluate("button => { button.value = button.value.replace(/T\\d\\d:\\d\\d/, 'T06:00'); }")
    await first.click()
    await visitor.page.wait_for_url("**/holds")


async def sign_in_code(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/sign-in")
    await visitor.page.locator("[name=email]").fill(CLEO)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/sign-in/*")


async def no_appointments(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("DELETE FROM appointment")
    await visitor.go("/appointments")


def appointment(which: str, page: str = "") -> Way:
    """Ana's: `which` is a condition on it."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        ref = await demo.owner.fetchval(
            f"""SELECT appointment.ref FROM appointment JOIN client_record ON client_record.id = client_record_id
                WHERE client_record.email = $1 AND {which} ORDER BY starts_at LIMIT 1""",
            ANA,
        )
        await visitor.go(f"/appointments/{ref}{page}")

    return go


async def cancelled(visitor: Visitor, demo: Demo) -> None:
    await appointment("starts_at > now()", "/cancellation")(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url(lambda address: not address.endswith("/cancellation"))


CLIENT_PAGES = [
    PageUnderTest("front", at("/")),
    PageUnderTest("practice", at("/p/harbour")),
    PageUnderTest("practice-of-the-other-colour", at("/p/meadow")),
    PageUnderTest("services", at("/p/harbour/book")),
    PageUnderTest("times", times),
    PageUnderTest("full-day", full_day),
    PageUnderTest("hold", hold),
    PageUnderTest("hold-signed-in", hold, ANA),
    PageUnderTest("hold-expired", expired_hold),
    PageUnderTest("hold-with-errors", hold_with_errors),
    PageUnderTest("code", code),
    PageUnderTest("code-wrong", wrong_code),
    PageUnderTest("booked", booked, ANA),
    PageUnderTest("refused", taken),
    PageUnderTest("sign-in", at("/sign-in")),
    PageUnderTest("sign-in-code", sign_in_code),
    PageUnderTest("appointments", at("/appointments"), ANA),
    PageUnderTest("appointments-of-one-practice", at("/appointments?practice=meadow"), ANA),
    PageUnderTest("no-appointments", no_appointments, ANA),
    PageUnderTest("appointment-past", appointment("starts_at < now()"), ANA),
    PageUnderTest("appointment-cancelled", cancelled, ANA),
    PageUnderTest("cancellation", appointment("starts_at > now()", "/cancellation"), ANA),
    PageUnderTest("move", appointment("starts_at > now()", "/move"), ANA),
    PageUnderTest("nothing-here", at("/p/nowhere"), status=404),
    PageUnderTest("outbox", at("/outbox")),
]

STAFF_PAGES: list[PageUnderTest] = []


async def _service(demo: Demo) -> str:
    ref: str = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    return ref


async def _submit(visitor: Visitor) -> None:
    await visitor.page.locator("main form.form .button").first.click()
    await visitor.page.wait_for_load_state()
