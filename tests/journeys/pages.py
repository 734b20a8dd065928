"""The way to every page, told without a word of it, so that it can be walked in any language."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from playwright.async_api import FilePayload

from portal.web.practice import REMEMBERED_FOR
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, LEA, NORA, THEO
from tests.documents_made import document_made
from tests.journeys.demo import Demo
from tests.journeys.rooms_and_log import appointment_in_room, day_by_room, log_with_lines
from tests.journeys.steps import block, drawn, post_fields
from tests.journeys.visitor import Visitor
from tests.photos import encoded, four_corners

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
    await visitor.page.locator("[name=email]").fill("cleo@nowhere")
    await _submit_whatever_is_missing(visitor)


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


async def old_time(visitor: Visitor, demo: Demo) -> None:
    """A time that nobody offers, as from a page that has grown old."""
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
    await demo.owner.execute("DELETE FROM client_reply; DELETE FROM message; DELETE FROM appointment")
    await visitor.go("/appointments")


async def connections(visitor: Visitor, demo: Demo) -> None:
    """The present one, and a phone with a name."""
    await demo.owner.execute(_PHONE, ANA, _AGENT)
    await visitor.go("/connections")
    for closed in await visitor.page.locator("details").all():
        await closed.locator("summary").click()


async def connection_name_refused(visitor: Visitor, demo: Demo) -> None:
    await connections(visitor, demo)
    await visitor.page.locator("details input[name=name]").last.evaluate("field => { field.maxLength = 99; }")
    await visitor.page.locator("details input[name=name]").last.fill("x" * 61)
    await visitor.page.locator("details .actions .button").last.click()
    await visitor.page.locator("#errors").wait_for()


async def connections_to_end(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_PHONE, ANA, _AGENT)
    await visitor.go("/connections/others/end")


async def not_me(visitor: Visitor, demo: Demo) -> None:
    """A sign-in of an hour ago, by the link that was mailed."""
    await demo.owner.execute(_LINK, ANA)
    await visitor.go("/connections/not-me/a-link-of-anas")


async def not_me_done(visitor: Visitor, demo: Demo) -> None:
    await not_me(visitor, demo)
    await _submit(visitor)
    await visitor.page.locator("main ol").wait_for()


def appointment(which: str, page: str = "") -> Way:
    """Ana's: `which` is a condition on it."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await visitor.go(f"/appointments/{await _appointment(which, demo)}{page}")

    return go


async def cancelled(visitor: Visitor, demo: Demo) -> None:
    await appointment("starts_at > now()", "/cancellation")(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url(lambda address: not address.endswith("/cancellation"))


def by_link(page: str = "", which: str = "starts_at > now()", change: str = "moved_at = NULL") -> Way:
    """By the link of a reminder of Ana's; `change` is what has become of the appointment since."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        ref = await _appointment(which, demo)
        await demo.owner.execute(_WRITTEN, "Ab3dEf9h", ref)
        await demo.owner.execute(f"UPDATE appointment SET {change} WHERE ref = $1", ref)
        await visitor.go("/m/Ab3dEf9h" + page.replace("{ref}", ref))

    return go


async def by_link_of_two(visitor: Visitor, demo: Demo) -> None:
    """One confirmed, the other not."""
    await by_link(change="confirmed_at = now(), confirmed_by = 'client'")(visitor, demo)
    next_but_one = f"SELECT ref FROM ({_ANAS}) AS anas WHERE starts_at > now() ORDER BY starts_at OFFSET 1 LIMIT 1"
    other = await demo.owner.fetchval(next_but_one, ANA)
    await demo.owner.execute(_WRITTEN, None, other)
    await demo.owner.execute(
        "UPDATE message SET told_with = (SELECT id FROM message WHERE link = 'Ab3dEf9h') WHERE told_with IS NULL"
        " AND link IS NULL AND appointment_id = (SELECT id FROM appointment WHERE ref = $1)",
        other,
    )
    await visitor.go("/m/Ab3dEf9h")


async def reminders_refused(visitor: Visitor, demo: Demo) -> None:
    """SMS are on beside them."""
    await demo.owner.execute(_SMS_ON)
    await by_link("/reminders")(visitor, demo)
    await visitor.page.locator("main .wish form button").first.click()
    await visitor.page.wait_for_load_state()


async def messages(visitor: Visitor, demo: Demo) -> None:
    """One of each state; a practice that has turned SMS off, a number that answered STOP."""
    await demo.owner.execute(_SMS_ON)
    ref = await _appointment("starts_at > now()", demo)
    for number, became in enumerate(_BECAME):
        await demo.owner.execute(_WRITTEN, f"Ab3dEf9{number + 2}", ref)
        await demo.owner.execute(f"UPDATE message SET {became} WHERE link = $1", f"Ab3dEf9{number + 2}")
    await visitor.go("/messages")


async def no_messages(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(
        "DELETE FROM client_reply; DELETE FROM message; DELETE FROM appointment; DELETE FROM client_record"
    )
    await visitor.go("/messages")


async def address_code(visitor: Visitor, _: Demo, email: str = "ana.new@example.org") -> None:
    await visitor.go("/addresses")
    await visitor.page.locator("[name=email]").fill(email)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/codes/*")


async def address_added(visitor: Visitor, demo: Demo) -> None:
    await address_code(visitor, demo)
    await visitor.page.locator("[name=code]").fill(await demo.code_sent_to("ana.new@example.org"))
    await _submit(visitor)
    await visitor.page.wait_for_url("**/addresses?added=*")


async def address_of_another_account(visitor: Visitor, demo: Demo) -> None:
    await address_code(visitor, demo, THEO)
    await visitor.page.locator("[name=code]").fill(await demo.code_sent_to(THEO))
    await _submit(visitor)
    await visitor.page.wait_for_url("**/owner")


async def address_removal(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM address WHERE email = $1", ANA)
    await visitor.go(f"/addresses/{ref}/removal")


async def address_undo(visitor: Visitor, demo: Demo) -> None:
    await address_added(visitor, demo)
    text = (await demo.mail_to(ANA, "dress"))["text"]  # an address, une adresse
    await visitor.go("/" + text.partition("://")[2].partition("/")[2].split()[0])


async def profile(visitor: Visitor, demo: Demo) -> None:
    """With a mobile phone that is still to be verified."""
    await demo.owner.execute("UPDATE person SET mobile_phone = '+14165550132', mobile_verified_at = NULL")
    await visitor.go("/profile")


async def profile_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/profile")
    await visitor.page.locator("[name=home_phone]").fill("ring twice")
    await visitor.page.locator("#profile .button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


async def photo_draft(visitor: Visitor, _: Demo, sent: bytes | None = None) -> None:
    """Shown as soon as it is chosen."""
    await visitor.go("/profile/photo")
    file = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": sent or encoded(four_corners(), "JPEG")}
    async with visitor.page.expect_navigation():
        await visitor.page.locator("[name=photo]").set_input_files(file)  # type: ignore[arg-type]


async def photo_refused(visitor: Visitor, demo: Demo) -> None:
    await photo_draft(visitor, demo, b"Not a photo, whatever its name says.")
    await visitor.page.locator("#errors").wait_for()


async def photo_kept(visitor: Visitor, demo: Demo) -> None:
    await photo_draft(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/profile/photo?done=saved")


async def photo_removal(visitor: Visitor, demo: Demo) -> None:
    await photo_kept(visitor, demo)
    await visitor.go("/profile/photo/removal")


async def profile_with_photo(visitor: Visitor, demo: Demo) -> None:
    await photo_kept(visitor, demo)
    await visitor.go("/profile")


async def mobile_code(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval(_MOBILE_CODE, ANA)
    await visitor.go(f"/profile/mobile/codes/{ref}")


async def wrong_mobile_code(visitor: Visitor, demo: Demo) -> None:
    await mobile_code(visitor, demo)
    await visitor.page.locator("[name=code]").fill("12345")
    await _submit(visitor)


async def documents(visitor: Visitor, demo: Demo, page: str = "/documents") -> None:
    """One of each practice, a new one with a long name, and a child's."""
    for which in (f"email = '{ANA}'", f"email = '{ANA_AT_MEADOW}'", "first_name = 'Mia'"):
        await demo.owner.execute(_CHILD, ANA)
        record = await demo.owner.fetchrow(f"SELECT * FROM client_record WHERE {which} ORDER BY id DESC LIMIT 1")
        for name, more in _DOCUMENTS.items():
            at = {each: datetime.now(UTC) for each in more}
            await document_made(demo.owner, dict(record), name=name, note="Twice a day,\nslowly.", shared_by=NORA, **at)
    await visitor.go(page)


async def appointment_with_documents(visitor: Visitor, demo: Demo) -> None:
    await documents(visitor, demo, f"/appointments/{await _appointment('starts_at > now()', demo)}")


async def _known_well(demo: Demo) -> str:
    """Ana, with everything that a record holds: a child who has been booked for, notes, consents, tags."""
    await demo.owner.execute(_RECORD)
    ref: str = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    return ref


async def childs_appointment(visitor: Visitor, demo: Demo) -> None:
    await _known_well(demo)
    await visitor.go("/appointments/leosvisitt")


async def list_with_a_child(visitor: Visitor, demo: Demo) -> None:
    await _known_well(demo)
    await visitor.go("/appointments")


async def address_to_begin_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/practices/new")
    await visitor.page.locator("[name=email]").fill("cleo@nowhere")
    await _submit_whatever_is_missing(visitor)


async def practice_to_found(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/practices/new")
    await visitor.page.locator("main summary").click()


async def practice_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/practices/new")
    await visitor.page.locator("[name=name]").fill("Harbour")
    await visitor.page.locator("[name=slug]").fill("harbour")
    await visitor.page.locator("[name=zone]").select_option("America/Toronto")
    await _submit_whatever_is_missing(visitor)


async def founded(visitor: Visitor, _: Demo) -> None:
    """Up to its first service."""
    await visitor.go("/practices/new")
    await visitor.page.locator("[name=name]").fill("Silva Coaching")
    await visitor.page.locator("[name=zone]").select_option("America/Toronto")
    await _submit(visitor)
    await visitor.page.wait_for_url("**/start/service")


async def first_service_refused(visitor: Visitor, demo: Demo) -> None:
    await founded(visitor, demo)
    await visitor.page.locator("[name=price]").fill("cheap")
    await _submit_whatever_is_missing(visitor)


async def first_hours(visitor: Visitor, demo: Demo) -> None:
    await founded(visitor, demo)
    await visitor.page.locator("main .choices .choice").first.click()
    await _submit(visitor)
    await visitor.page.wait_for_url("**/start/hours")


async def first_hours_refused(visitor: Visitor, demo: Demo) -> None:
    await first_hours(visitor, demo)
    await visitor.page.locator("[name=opens]").fill("18:00")
    await visitor.page.locator("[name=closes]").fill("")
    await _submit_whatever_is_missing(visitor)


async def page_to_open(visitor: Visitor, demo: Demo) -> None:
    await first_hours(visitor, demo)
    await visitor.page.locator("[name=city]").fill("Toronto")
    await _submit(visitor)
    await visitor.page.wait_for_url("**/start/page")


async def page_opened(visitor: Visitor, demo: Demo) -> None:
    await page_to_open(visitor, demo)
    await visitor.page.locator("form[action$=publication] .button.is-primary").click()
    await visitor.page.locator("#page-address").wait_for()


async def first_days(visitor: Visitor, demo: Demo) -> None:
    await page_opened(visitor, demo)
    await visitor.go("/desk/silva-coaching")


async def checklist(visitor: Visitor, demo: Demo) -> None:
    """One step put aside."""
    await page_opened(visitor, demo)
    await visitor.go("/desk/silva-coaching/checklist")
    await visitor.page.locator("button[name=step][value=colleague]").click()
    await visitor.page.locator("button[name=again]").wait_for()


def suspended(page: str) -> Way:
    """Meadow's, for a week already, and to be deleted."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(_SUSPENDED)
        await asyncio.sleep(REMEMBERED_FOR)
        await visitor.go(page)

    return go


async def deletion_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/operator/practices/meadow")
    await visitor.page.locator("[name=sure]").fill("harbour")
    await visitor.page.locator("form[action$=deletion] .button").click()
    await visitor.page.locator("#errors").wait_for()


async def practice_as_it_may_be(visitor: Visitor, demo: Demo) -> None:
    """With a logo, words in each language, and a reader who lives by another clock."""
    await demo.owner.execute(_OWN_PAGE, encoded(four_corners(512, 200), "PNG"), encoded(four_corners(128, 50), "PNG"))
    await asyncio.sleep(REMEMBERED_FOR)
    await visitor.go("/p/harbour")


async def unpublished(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE practice SET published_at = NULL WHERE slug = 'harbour'")
    await asyncio.sleep(REMEMBERED_FOR)
    await visitor.go("/p/harbour")


async def framed_hold(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/p/harbour/embed?service={await _service(demo)}")
    await visitor.page.locator("button[name=start]").first.click()
    await visitor.page.wait_for_url("**/holds/*")


async def framed_booked(visitor: Visitor, demo: Demo) -> None:
    await framed_hold(visitor, demo)
    for name, typed in (("email", CLEO), ("first_name", "Cleo"), ("last_name", "Laurent")):
        await visitor.page.locator(f"[name={name}]").fill(typed)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/code")
    await visitor.page.locator("[name=code]").fill(await demo.code_sent_to(CLEO))
    await _submit(visitor)
    await visitor.page.wait_for_url("**/booked")


async def waiting_form(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/p/harbour/waiting?service={await _service(demo)}")


async def waiting_form_refused(visitor: Visitor, demo: Demo) -> None:
    await waiting_form(visitor, demo)
    for box in await visitor.page.locator("[name=weekday]").all():
        await box.uncheck()
    await visitor.page.locator("[name=from_time]").fill("17:00")
    await visitor.page.locator("[name=until_time]").fill("12:00")
    await _submit_whatever_is_missing(visitor)


def waiting(page: str = "/waiting", became: str = "expires_at = now() + interval '1 hour'") -> Way:
    """Ana waits for two things, one of which is offered to her; `became` is what has become of the offer."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(_WAITS, ANA)
        await demo.owner.execute(f"UPDATE waiting_offer SET {became} WHERE key = 'a-key-of-twenty-two-xx'")
        await visitor.go(page)

    return go


async def no_longer_waiting(visitor: Visitor, demo: Demo) -> None:
    await waiting()(visitor, demo)
    await visitor.page.locator("main form[action$='/withdrawal'] button").first.click()
    await visitor.page.wait_for_url("**/waiting?withdrawn=*")


async def waiting_list_after_removal(visitor: Visitor, demo: Demo) -> None:
    await waiting("/desk/harbour/waiting")(visitor, demo)
    await visitor.page.locator("main form[action$='/removal'] button").first.click()
    await visitor.page.wait_for_url("**/waiting?removed=*")


async def waiting_list_adding(visitor: Visitor, demo: Demo) -> None:
    client = await demo.owner.fetchval(_RECORD_AT_HARBOUR, BEN)
    await visitor.go(f"/desk/harbour/waiting/new?client={client}&service={await _service(demo)}")


async def waiting_list_adding_refused(visitor: Visitor, demo: Demo) -> None:
    await waiting_list_adding(visitor, demo)
    await visitor.page.locator("[name=last_day]").fill("2020-01-01")
    await _submit_whatever_is_missing(visitor)


_TAKEN = """accepted_at = now(), appointment_id = (
    SELECT appointment.id FROM appointment JOIN client_record ON client_record.id = client_record_id
    WHERE client_record.email = 'ana@example.org' ORDER BY starts_at DESC LIMIT 1)"""


def asked(became: str = "approve_by = now() + interval '20 hours'") -> Callable[[Demo], Awaitable[str]]:
    """Ana's next visit at Harbour as something that she has asked for; `became` is what has become of it."""

    async def make(demo: Demo) -> str:
        ref: str = await demo.owner.fetchval(_NEXT_AT_HARBOUR, ANA)
        approve_by = "approve_by = now() + interval '20 hours'"
        note = "note = 'My left knee again,\nmornings are best.', booked_at = now() - interval '3 minutes'"
        await demo.owner.execute(f"UPDATE appointment SET {approve_by}, {note} WHERE ref = $1", ref)
        await demo.owner.execute(f"UPDATE appointment SET {became} WHERE ref = $1", ref)
        return ref

    return make


DECLINED = "cancelled_at = now(), cancelled_by = 'staff', declined_at = now(), cancel_reason = 'We are away that day.'"
LAPSED = "cancelled_at = now(), cancelled_by = 'rule'"
ACCEPTED = "accepted_at = now(), accepted_by = 'theo@harbour.example'"


def of_request(page: str = "/appointments/{}", became: str = "moved_at = NULL") -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await visitor.go(page.format(await asked(became)(demo)))

    return go


async def request_by_link(visitor: Visitor, demo: Demo) -> None:
    ref = await asked()(demo)
    await demo.owner.execute(_WRITTEN, "Ab3dEf9h", ref)
    await visitor.go("/m/Ab3dEf9h")


async def hold_to_ask(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE service SET needs_approval = true")
    await hold(visitor, demo)


async def code_to_ask(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE service SET needs_approval = true")
    await code(visitor, demo)


async def services_to_ask_for(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE service SET needs_approval = true WHERE name = 'First visit'")
    await visitor.go("/p/harbour/book")


def invitation(change: str = "role = role") -> Way:
    """Of Cleo, to Harbour; `change` is what has become of it."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute(_INVITED, CLEO, NORA)
        await demo.owner.execute(f"UPDATE invitation SET {change}")
        await visitor.go("/invitations/an-invitation-s-own-ke")

    return go


_LIMITED = "role = 'professional', new_practitioner = 'Cleo', sees_contacts = false, sees_all_clients = false"


async def invitation_declined(visitor: Visitor, demo: Demo) -> None:
    await invitation()(visitor, demo)
    await visitor.page.locator("form[action$='/refusal'] button").click()
    await visitor.page.wait_for_url("**/refusal")


async def client_with_a_desk(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_WORKS_AT_BOTH)
    await visitor.go("/appointments")


CLIENT_PAGES = [
    PageUnderTest("request", of_request(), ANA),
    PageUnderTest("request-in-the-list", of_request("/appointments"), ANA),
    PageUnderTest("request-declined", of_request(became=DECLINED), ANA),
    PageUnderTest("request-not-answered", of_request(became=LAPSED), ANA),
    PageUnderTest("request-to-withdraw", of_request("/appointments/{}/cancellation"), ANA),
    PageUnderTest("request-to-move", of_request("/appointments/{}/move"), ANA),
    PageUnderTest("request-by-link", request_by_link),
    PageUnderTest("services-to-ask-for", services_to_ask_for),
    PageUnderTest("hold-to-ask", hold_to_ask, ANA),
    PageUnderTest("code-to-ask", code_to_ask),
    PageUnderTest("help", at("/help")),
    PageUnderTest("help-found", at("/help?q=rendez")),
    PageUnderTest("help-nothing", at("/help?q=giraffe")),
    PageUnderTest("help-article", at("/help/start")),
    PageUnderTest("practice-to-begin", at("/practices/new")),
    PageUnderTest("practice-to-begin-refused", address_to_begin_refused),
    PageUnderTest("practice-to-found", practice_to_found, ANA),
    PageUnderTest("practice-refused", practice_refused, ANA),
    PageUnderTest("practice-suspended", suspended("/p/meadow"), status=404),
    PageUnderTest("front", at("/")),
    PageUnderTest("practice-with-a-logo", practice_as_it_may_be, ANA),
    PageUnderTest("practice-unpublished", unpublished, NORA),
    PageUnderTest("framed-services", at("/p/harbour/embed")),
    PageUnderTest("framed-hold", framed_hold),
    PageUnderTest("framed-booked", framed_booked),
    PageUnderTest("framed-nothing-here", at("/p/nowhere/embed/auto/book"), status=404),
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
    PageUnderTest("refused", old_time),
    PageUnderTest("sign-in", at("/sign-in")),
    PageUnderTest("sign-in-code", sign_in_code),
    PageUnderTest("appointments", at("/appointments"), ANA),
    PageUnderTest("appointments-of-one-practice", at("/appointments?practice=meadow"), ANA),
    PageUnderTest("no-appointments", no_appointments, ANA),
    PageUnderTest("appointments-with-a-child-s", list_with_a_child, ANA),
    PageUnderTest("appointment-of-a-child", childs_appointment, ANA),
    PageUnderTest("appointment-past", appointment("starts_at < now()"), ANA),
    PageUnderTest("appointment-cancelled", cancelled, ANA),
    PageUnderTest("appointment-to-confirm", appointment("starts_at > now()"), ANA),
    PageUnderTest("link", by_link()),
    PageUnderTest("link-of-two", by_link_of_two),
    PageUnderTest("link-moved", by_link(change="starts_at = starts_at + interval '5 minutes'")),
    PageUnderTest("link-cancelled", by_link(change="cancelled_at = now(), cancelled_by = 'staff'")),
    PageUnderTest("link-over", by_link(which="starts_at < now()"), status=410),
    PageUnderTest("link-cancellation", by_link("/appointments/{ref}/cancellation")),
    PageUnderTest("link-move", by_link("/appointments/{ref}/move")),
    PageUnderTest("link-reminders", by_link("/reminders")),
    PageUnderTest("link-reminders-refused", reminders_refused),
    PageUnderTest("messages", messages, ANA),
    PageUnderTest("no-messages", no_messages, ANA),
    PageUnderTest("documents", documents, ANA),
    PageUnderTest("no-documents", at("/documents"), ANA),
    PageUnderTest("appointment-with-documents", appointment_with_documents, ANA),
    PageUnderTest("cancellation", appointment("starts_at > now()", "/cancellation"), ANA),
    PageUnderTest("move", appointment("starts_at > now()", "/move"), ANA),
    PageUnderTest("profile", profile, ANA),
    PageUnderTest("profile-refused", profile_refused, ANA),
    PageUnderTest("profile-empty", at("/profile"), ANA),
    PageUnderTest("profile-with-photo", profile_with_photo, ANA),
    PageUnderTest("photo", at("/profile/photo"), ANA),
    PageUnderTest("photo-draft", photo_draft, ANA),
    PageUnderTest("photo-refused", photo_refused, ANA),
    PageUnderTest("photo-kept", photo_kept, ANA),
    PageUnderTest("photo-removal", photo_removal, ANA),
    PageUnderTest("profile", at("/profile"), ANA),
    PageUnderTest("mobile-code", mobile_code, ANA),
    PageUnderTest("mobile-code-wrong", wrong_mobile_code, ANA),
    PageUnderTest("addresses", at("/addresses"), ANA),
    PageUnderTest("address-code", address_code, ANA),
    PageUnderTest("address-added", address_added, ANA),
    PageUnderTest("address-of-another-account", address_of_another_account, ANA),
    PageUnderTest("address-removal", address_removal, ANA),
    PageUnderTest("address-undo", address_undo, ANA),
    PageUnderTest("connections", connections, ANA),
    PageUnderTest("connections-name-refused", connection_name_refused, ANA),
    PageUnderTest("connections-end-others", connections_to_end, ANA),
    PageUnderTest("not-me", not_me),
    PageUnderTest("not-me-done", not_me_done, ANA),
    PageUnderTest("not-me-over", at("/connections/not-me/nope"), status=422),
    PageUnderTest("invitation", invitation()),
    PageUnderTest(
        "invitation-limited", invitation("role = 'professional', sees_contacts = false, sees_all_clients = false")
    ),
    PageUnderTest("invitation-for-another-address", invitation(), ANA),
    PageUnderTest("invitation-to-accept", invitation(f"email = '{ANA}'"), ANA),
    PageUnderTest("invitation-over", invitation("withdrawn_at = now()"), status=410),
    PageUnderTest("invitation-accepted", invitation(f"email = '{ANA}', accepted_at = now()"), ANA, status=410),
    PageUnderTest("invitation-declined", invitation_declined),
    PageUnderTest("appointments-of-who-works", client_with_a_desk, THEO),
    PageUnderTest("waiting-for-what", at("/p/harbour/waiting")),
    PageUnderTest("waiting-form", waiting_form),
    PageUnderTest("waiting-form-signed-in", waiting_form, ANA),
    PageUnderTest("waiting-form-refused", waiting_form_refused, ANA),
    PageUnderTest("waiting", waiting(), ANA),
    PageUnderTest("waiting-for-nothing", at("/waiting"), ANA),
    PageUnderTest("waiting-changed", waiting("/waiting/anawaits1"), ANA),
    PageUnderTest("waiting-withdrawn", no_longer_waiting, ANA),
    PageUnderTest("offer", waiting("/offers/a-key-of-twenty-two-xx")),
    PageUnderTest("offer-not-wanted", waiting("/offers/a-key-of-twenty-two-xx?answer=no")),
    PageUnderTest("offer-declined", waiting("/offers/a-key-of-twenty-two-xx", "declined_at = now()")),
    PageUnderTest("offer-taken", waiting("/offers/a-key-of-twenty-two-xx", _TAKEN)),
    PageUnderTest("offer-over", waiting("/offers/a-key-of-twenty-two-xx", "expired_at = now()"), status=410),
    PageUnderTest("offer-lost", waiting("/offers/a-key-of-twenty-two-xx", "lost_at = now()"), status=410),
    PageUnderTest("nothing-here", at("/p/nowhere"), status=404),
    PageUnderTest("outbox", at("/outbox")),
]


async def week_with_appointments(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/desk/harbour?view=week&day={await _day_of('starts_at > now()', demo)}")


async def day_with_appointments(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/desk/harbour?day={await _day_of('starts_at > now()', demo)}")


def drawn_as(query: str) -> Way:
    """The day or days of Ana's next visit, once they are drawn."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await visitor.go(f"/desk/harbour?day={await _day_of('starts_at > now()', demo)}&{query}")
        await drawn(visitor)

    return go


async def day_by_place(visitor: Visitor, demo: Demo) -> None:
    """A practice of two places, with somebody's time off and what a client keeps at this moment."""
    day = await _day_of("starts_at > now()", demo)
    await demo.owner.execute(_SECOND_PLACE)
    await demo.owner.execute(_TIME_OFF, date.fromisoformat(day))
    await demo.owner.execute(_KEPT, date.fromisoformat(day))
    await visitor.go(f"/desk/harbour?day={day}&by=place")
    await drawn(visitor)


async def card(visitor: Visitor, demo: Demo) -> None:
    await drawn_as("view=day")(visitor, demo)
    await block(visitor, "Ana Silva").press("Enter")
    await visitor.page.locator("#card").wait_for()


async def times_for_a_client(visitor: Visitor, demo: Demo) -> None:
    day = await _day_of("starts_at > now()", demo)
    await visitor.go(f"/desk/harbour/appointments/new?service={await _service(demo)}&day={day}")


async def client_wanted(visitor: Visitor, demo: Demo) -> None:
    await times_for_a_client(visitor, demo)
    await visitor.page.locator("button[name=start]").first.click()
    await visitor.page.locator("[name=q]").fill("Ana")
    await visitor.page.locator("[role=search] button").click()
    await visitor.page.locator("main .entry").first.wait_for()


async def at_desk_without_details(visitor: Visitor, demo: Demo) -> None:
    await times_for_a_client(visitor, demo)
    await visitor.page.locator("button[name=start]").first.click()
    await _submit_whatever_is_missing(visitor)


def at_desk(which: str, page: str = "") -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await visitor.go(f"/desk/harbour/appointments/{await _appointment(which, demo)}{page}")

    return go


async def missed(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE appointment SET no_show_at = now() WHERE starts_at < now()")
    await at_desk("starts_at < now()")(visitor, demo)


async def overbooked(visitor: Visitor, demo: Demo) -> None:
    """As long again as its service, over somebody else; moved just now, which can be undone."""
    await demo.owner.execute("UPDATE booking_policy SET overbooking = true")
    ref = await _appointment("starts_at > now()", demo)
    other = await demo.owner.fetchrow(
        """SELECT (starts_at AT TIME ZONE 'America/Toronto') AS at, practitioner.ref
           FROM appointment JOIN practitioner ON practitioner.id = practitioner_id
           JOIN practice ON practice.id = appointment.tenant_id
           WHERE appointment.ref <> $1 AND starts_at > now() AND cancelled_at IS NULL AND slug = 'harbour'
           ORDER BY starts_at LIMIT 1""",
        ref,
    )
    await visitor.go(f"/desk/harbour/appointments/{ref}/placement")
    for name, typed in (("day", f"{other['at']:%Y-%m-%d}"), ("time", f"{other['at']:%H:%M}"), ("minutes", "45")):
        await visitor.page.locator(f"main [name={name}]").fill(typed)
    await visitor.page.locator("main [name=practitioner]").select_option(other["ref"])
    await _submit(visitor)
    for box in await visitor.page.locator("[name=insist]").all():
        await box.check()
    await visitor.page.locator("[name=why]").fill("An emergency")
    await _submit(visitor)
    await visitor.page.wait_for_url("**?done=moved*")


async def placement_refused(visitor: Visitor, demo: Demo) -> None:
    await at_desk("starts_at > now()", "/placement")(visitor, demo)
    await visitor.page.locator("main [name=time]").fill("05:30")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def arrived(visitor: Visitor, demo: Demo) -> None:
    await at_desk("starts_at < now()")(visitor, demo)
    await visitor.page.locator("main form[action$='/attendance'] button").first.click()
    await visitor.page.wait_for_url("**?done=arrived*")


async def sheet_with_errors(visitor: Visitor, demo: Demo) -> None:
    await visitor.go("/desk/harbour/appointments/sheet?minutes=0&time=10:00")
    await visitor.page.locator("#field-q").fill("an")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def sheet_refused(visitor: Visitor, demo: Demo) -> None:
    client = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    await visitor.go(f"/desk/harbour/appointments/sheet?service={await _service(demo)}&client={client}&time=05:30")
    await visitor.page.locator("main [name=practitioner]").select_option(index=1)
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def series_to_book(visitor: Visitor, demo: Demo) -> None:
    """For Ben, the first over an appointment of Ana's, where the practice lets it be: with the sheet's own fields."""
    await demo.owner.execute("UPDATE booking_policy SET overbooking = true")
    anas = await demo.owner.fetchrow(
        f"""SELECT starts_at, service.ref AS service, practitioner.ref AS practitioner
            FROM ({_ANAS}) AS anas JOIN appointment USING (ref, starts_at)
            JOIN service ON service.id = service_id JOIN practitioner ON practitioner.id = practitioner_id
            WHERE starts_at > now() AND practitioner.name = 'Nora Blake' ORDER BY starts_at LIMIT 1""",
        ANA,
    )
    ben = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    fields = {
        "client": ben,
        "service": anas["service"],
        "practitioner": anas["practitioner"],
        "start": anas["starts_at"].isoformat(),
        "every_weeks": "1",
        "times": "4",
    }
    await visitor.go("/desk/harbour/closures")
    await post_fields(visitor, "/desk/harbour/appointments/series", fields)
    await visitor.page.locator("#field-on").wait_for()


async def series_booked(visitor: Visitor, demo: Demo) -> None:
    await series_to_book(visitor, demo)
    await visitor.page.locator("form.is-wide .actions .button.is-primary").click()
    await visitor.page.wait_for_url("**?done=series")


async def series_refused(visitor: Visitor, demo: Demo) -> None:
    """What is insisted on has no reason."""
    await series_to_book(visitor, demo)
    await visitor.page.locator("[name=insist]").first.check()
    await visitor.page.locator("form.is-wide .actions .button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


def of_series(page: str) -> Way:
    """Of the first of a series that has just been booked."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        await series_booked(visitor, demo)
        await visitor.go(visitor.path.partition("?")[0] + page)

    return go


async def series_to_move(visitor: Visitor, demo: Demo) -> None:
    await of_series("/following/move")(visitor, demo)
    await visitor.page.locator("[name=time]").fill("22:00")
    await visitor.page.locator("form.is-wide .actions .button.is-primary").click()
    await visitor.page.locator("#field-on").wait_for()


async def series_cancelled(visitor: Visitor, demo: Demo) -> None:
    await of_series("/following/cancellation")(visitor, demo)
    await _submit(visitor, last=False)
    await visitor.page.locator("form[action$='/following/restoration']").wait_for()


async def service(visitor: Visitor, demo: Demo) -> None:
    await visitor.go(f"/desk/harbour/services/{await _service(demo)}")


async def service_with_errors(visitor: Visitor, demo: Demo) -> None:
    await visitor.go("/desk/harbour/services/new")
    await _submit_whatever_is_missing(visitor)


async def hours_to_change(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM opening_hours LIMIT 1")
    await visitor.go(f"/desk/harbour/hours/{ref}")


async def hours_to_add(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/hours")
    for closed in await visitor.page.locator("details").all():
        await closed.locator("summary").click()


async def closure_to_confirm(visitor: Visitor, demo: Demo) -> None:
    """Over an appointment, which is shown before."""
    day = await _day_of("starts_at > now()", demo)
    await visitor.go("/desk/harbour/closures")
    for name in ("from_day", "until_day"):
        await visitor.page.locator(f"[name={name}]").fill(day)
    await visitor.page.locator("[name=reason]").fill("Painting")
    await _submit(visitor, last=True)
    await visitor.page.locator("[name=confirmed]").wait_for(state="attached")


async def one_closure(visitor: Visitor, demo: Demo) -> None:
    await closure_to_confirm(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/closures?saved=yes")


async def closure_removed(visitor: Visitor, demo: Demo) -> None:
    await one_closure(visitor, demo)
    await visitor.page.locator("main form[action$=removal] button").first.click()
    await visitor.page.wait_for_url("**/closures?removed=*")


async def closure_refused(visitor: Visitor, _: Demo) -> None:
    """Of some people, of whom none is named."""
    await visitor.go("/desk/harbour/closures")
    await visitor.page.locator("[name=whom][value=some]").check()
    await _submit_whatever_is_missing(visitor)


def closure(page: str = "") -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await one_closure(visitor, demo)
        ref = await demo.owner.fetchval("SELECT ref FROM closure ORDER BY id DESC LIMIT 1")
        await visitor.go(f"/desk/harbour/closures/{ref}{page}")

    return go


async def holidays(visitor: Visitor, demo: Demo) -> None:
    """Of next year: one is taken already, and somebody is booked on another."""
    year = await demo.owner.fetchval("SELECT extract(year FROM now())::int + 1")
    await demo.owner.execute(_HOLIDAY, f"CA-QC:{year}-01-01", date(year, 1, 1))
    await demo.owner.execute(_ON_A_HOLIDAY, date(year, 12, 25), ANA)
    await visitor.go(f"/desk/harbour/closures/holidays?country=CA&province=QC&year={year}")


async def holidays_unknown(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE practice SET country = 'XX' WHERE slug = 'harbour'")
    await asyncio.sleep(REMEMBERED_FOR)
    await visitor.go("/desk/harbour/closures/holidays")


async def why_not_offered(visitor: Visitor, demo: Demo) -> None:
    """At the time of Ana's appointment, with anybody, while the practice is closed for somebody."""
    service = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    at = await demo.owner.fetchval(
        f"SELECT starts_at AT TIME ZONE 'America/Toronto' FROM ({_ANAS}) AS anas WHERE starts_at > now() LIMIT 1", ANA
    )
    await visitor.go(f"/desk/harbour/why?service={service}&practitioner=any&day={at:%Y-%m-%d}&time={at:%H:%M}")


async def why_in_spring(visitor: Visitor, demo: Demo) -> None:
    """On the night when clocks are set forward."""
    service = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    await visitor.go(f"/desk/harbour/why?service={service}&practitioner=any&day=2027-03-14&time=02:30")


async def why_closed_then(visitor: Visitor, demo: Demo) -> None:
    await one_closure(visitor, demo)
    await why_not_offered(visitor, demo)


async def client(visitor: Visitor, demo: Demo, part: str = "") -> None:
    """Of whom the practice holds another phone than the client's own."""
    await demo.owner.execute(
        """UPDATE client_record SET phone = '+14165550100', own_phone = '+14165550132', held = '{phone}',
                                    own_first_name = first_name, own_last_name = last_name WHERE email = $1""",
        ANA,
    )
    await demo.owner.execute(
        """INSERT INTO client_change (tenant_id, client_record_id, at, how, by_email, field, before, after)
           SELECT tenant_id, id, now() - interval '2 days', 'held', $2, 'phone', own_phone, phone
           FROM client_record WHERE email = $1""",
        ANA,
        NORA,
    )
    ref = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    await visitor.go(f"/desk/harbour/clients/{ref}{part}")


def full_client(part: str = "") -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await visitor.go(f"/desk/harbour/clients/{await _known_well(demo)}{part}")
        for closed in await visitor.page.locator("details").all():
            await closed.locator("summary").click()

    return go


def of_child(part: str = "") -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await _known_well(demo)
        await visitor.go(f"/desk/harbour/clients/leorecordd{part}")

    return go


def clients_found(asked: str) -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await _known_well(demo)
        await demo.owner.execute(_MANY)
        await visitor.go(f"/desk/harbour/clients{asked}")

    return go


def wordings(part: str) -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await _known_well(demo)
        await visitor.go(f"/desk/harbour/consents{part}")

    return go


async def client_refused(visitor: Visitor, _: Demo) -> None:
    """The address is another record's, which is told by the link to it."""
    await visitor.go("/desk/harbour/clients/new")
    await visitor.page.locator("[name=first_name]").fill("Benjamin")
    await visitor.page.locator("[name=email]").fill(BEN)
    await visitor.page.locator("main form button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


async def client_details_refused(visitor: Visitor, demo: Demo) -> None:
    await client(visitor, demo, "/details")
    await visitor.page.locator("[name=phone]").fill("ring twice")
    await _submit(visitor, last=True)


async def reminder(visitor: Visitor, demo: Demo) -> None:
    ref = await demo.owner.fetchval(
        """SELECT reminder_rule.ref FROM reminder_rule JOIN practice ON practice.id = tenant_id
           WHERE slug = 'harbour' AND channel = 'sms'"""
    )
    await visitor.go(f"/desk/harbour/reminders/{ref}")


async def reminder_ended(visitor: Visitor, demo: Demo) -> None:
    await reminder(visitor, demo)
    await visitor.page.locator("form[action$='/end'] button").click()
    await visitor.page.wait_for_url("**/reminders?ended=*")


async def no_reminders(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("UPDATE reminder_rule SET ended_at = now()")
    await visitor.go("/desk/harbour/reminders")


async def reminder_refused(visitor: Visitor, _: Demo) -> None:
    """An e-mail to whoever has no address, and a time that is none."""
    await visitor.go("/desk/harbour/reminders/new")
    await visitor.page.locator("[name=condition]").select_option("no_email")
    await visitor.page.locator("[name=late]").last.check()
    await visitor.page.locator("[name=left]").fill("90000")
    await _submit_whatever_is_missing(visitor)


async def sending_nearly_spent(visitor: Visitor, demo: Demo) -> None:
    """SMS are on; most of the month's budget is spent."""
    await demo.owner.execute(
        """INSERT INTO message_policy (tenant_id, sms_on) SELECT id, true FROM practice WHERE slug = 'harbour'
           ON CONFLICT ON CONSTRAINT message_policy_tenant_key DO UPDATE SET sms_on = true"""
    )
    await demo.owner.execute("DELETE FROM sms_spend")
    await demo.owner.execute(
        """INSERT INTO sms_spend (tenant_id, month, parts)
           SELECT id, date_trunc('month', now() AT TIME ZONE zone), 430 FROM practice WHERE slug = 'harbour'"""
    )
    await visitor.go("/desk/harbour/reminders/sending")


async def text_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/reminders/texts/reminder/sms")
    await visitor.page.locator("[name=body_en]").fill("{practice}: {diagnosis} {link}")
    await visitor.page.locator("[name=body_fr]").fill("Sans lien")
    await visitor.page.locator("form[data-inserts] .button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


async def own_text(visitor: Visitor, _: Demo) -> None:
    """With a sign that the alphabet of SMS does not have."""
    await visitor.go("/desk/harbour/reminders/texts/reminder/sms")
    await visitor.page.locator("[name=body_fr]").fill("Êtes-vous prêt ? {day}, {time} : {link}")
    await visitor.page.locator("form[data-inserts] .button.is-primary").click()
    await visitor.page.wait_for_url("**?saved=yes")


async def text_removal(visitor: Visitor, demo: Demo) -> None:
    await own_text(visitor, demo)
    await visitor.go("/desk/harbour/reminders/texts/reminder/sms/removal")


async def desk_without_messages(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute("DELETE FROM client_reply")
    await demo.owner.execute("DELETE FROM message")
    await visitor.go("/desk/harbour/messages")


async def messages_in_trouble(visitor: Visitor, demo: Demo) -> None:
    """Of a provider that takes nothing, with the numbers of the month open."""
    await demo.owner.execute(
        "INSERT INTO channel_trouble (channel, since, last_at, reason) SELECT 'sms', now(), now(), ''"
    )
    await demo.owner.execute(
        """UPDATE message SET sent_at = NULL, delivered_at = NULL, attempts = 3, created_at = now(),
                              next_attempt_at = now() + interval '1 day'
           WHERE channel = 'sms' AND sent_at IS NOT NULL"""
    )
    await visitor.go("/desk/harbour/messages")
    await visitor.page.locator("#chart summary").click()


async def client_out_of_reach(visitor: Visitor, demo: Demo) -> None:
    """Whose mail has come back, and who wants no SMS."""
    await demo.owner.execute("INSERT INTO mail_bounce (email, bounced_at, status) VALUES ($1, now(), '5.1.1')", BEN)
    await demo.owner.execute("UPDATE client_record SET sms_off_at = now(), sms_off_by = 'client' WHERE email = $1", BEN)
    ref = await demo.owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    await visitor.go(f"/desk/harbour/clients/{ref}")


FAULTY_CSV = (
    "Prénom;Nom;Courriel;Cellulaire;Date de naissance;Étiquettes\r\n"
    "Client;Seventeen;client-17@example.org;416 555 0117;29/02/1980;genou\r\n"
    "Ben;Okafor;BEN@example.org;416 555 0118;03/04/1975;\r\n"
    "Client;Eighteen;client-18@nowhere;12;31/02/1980;\r\n"
    ";;client-19@example.org;;;\r\n"
    "=cmd|' /C calc'!A0;Twenty;client-17@example.org;;01/01/2090;\r\n"
).encode("cp1252")


async def file_chosen(visitor: Visitor, _: Demo) -> None:
    """As far as the columns."""
    await visitor.go("/desk/harbour/clients/import")
    file = FilePayload(name="Clients été.csv", mimeType="text/csv", buffer=FAULTY_CSV)
    await visitor.page.locator("input[type=file]").set_input_files(file)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/columns")


async def columns_missing(visitor: Visitor, demo: Demo) -> None:
    await file_chosen(visitor, demo)
    for name in ("first_name", "full_name", "last_name"):
        await visitor.page.locator(f"[name=column_{name}]").select_option("")
    await visitor.page.locator("[name=column_phone]").select_option("2")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def import_previewed(visitor: Visitor, demo: Demo) -> None:
    await file_chosen(visitor, demo)
    await _submit(visitor)
    await visitor.page.locator("table.import-rows").wait_for()


async def import_under_way(visitor: Visitor, demo: Demo) -> None:
    """Of a worker that is somewhere else for an hour."""
    await import_previewed(visitor, demo)
    await demo.owner.execute(
        """UPDATE transfer SET asked_for = 'apply', asked_at = now(), claimed_until = now() + interval '1 hour',
                               done = 9000, total = 20000"""
    )
    await visitor.page.reload()


async def import_checked(visitor: Visitor, demo: Demo) -> None:
    await import_previewed(visitor, demo)
    await _go_on(visitor)
    await _until_over(visitor)


async def import_done(visitor: Visitor, demo: Demo) -> None:
    await import_checked(visitor, demo)
    await _go_on(visitor)
    await _until_over(visitor)


async def export_done(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/clients/export")
    await _submit(visitor)
    await visitor.page.wait_for_url("**/exports/*")
    await _until_over(visitor)


async def transfers(visitor: Visitor, demo: Demo) -> None:
    await export_done(visitor, demo)
    await import_done(visitor, demo)
    await file_chosen(visitor, demo)
    await visitor.go("/desk/harbour/transfers")


async def _go_on(visitor: Visitor) -> None:
    await visitor.page.locator("main form[method=post] .button.is-primary").click()
    await visitor.page.wait_for_load_state()


async def _until_over(visitor: Visitor) -> None:
    await visitor.page.locator("#progress").wait_for(state="detached")


async def twins(visitor: Visitor, demo: Demo, page: str = "") -> None:
    """Ana twice, with one phone: under her own address, and under another."""
    await demo.owner.execute(_TWIN, ANA)
    refs = await demo.owner.fetch(
        "SELECT ref FROM client_record WHERE email = $1 OR email = 'aan.silva@example.org' ORDER BY id", ANA
    )
    await visitor.go(f"/desk/harbour/clients/{page.format(*(row['ref'] for row in refs))}")


async def duplicates(visitor: Visitor, demo: Demo) -> None:
    await twins(visitor, demo, "duplicates")


async def client_twice(visitor: Visitor, demo: Demo) -> None:
    await twins(visitor, demo, "{0}")


async def two_to_merge(visitor: Visitor, demo: Demo) -> None:
    await twins(visitor, demo, "{0}/merge/{1}")


async def merge_refused(visitor: Visitor, demo: Demo) -> None:
    """One of them has changed since, and a choice is missing."""
    await two_to_merge(visitor, demo)
    await visitor.page.locator("[name=reach]").first.evaluate("box => { box.value = 'both'; box.checked = true; }")
    await _submit_whatever_is_missing(visitor)


async def merged(visitor: Visitor, demo: Demo) -> None:
    await two_to_merge(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/merges/**")


async def merge_with_address_taken(visitor: Visitor, demo: Demo) -> None:
    await merged(visitor, demo)
    await demo.owner.execute(_TWIN.replace("anastwin", "newcomer"), ANA)
    await _submit(visitor)


async def merge_undone(visitor: Visitor, demo: Demo) -> None:
    await merged(visitor, demo)
    await demo.owner.execute("UPDATE client_record SET last_name = 'Souza' WHERE email = $1", ANA)
    await _submit(visitor)
    await visitor.page.wait_for_url("**done=undone**")


def of_record(page: str = "", email: str = ANA) -> Way:
    """Of a client at Harbour, who has documents."""

    async def go(visitor: Visitor, demo: Demo) -> None:
        ref = await demo.owner.fetchval(_RECORD_AT_HARBOUR, email)
        await documents(visitor, demo, f"/desk/harbour/clients/{ref}{page}")

    return go


async def document_refused(visitor: Visitor, demo: Demo) -> None:
    await of_record("/documents")(visitor, demo)
    file = {"name": "page.html", "mimeType": "text/html", "buffer": b"<html>"}
    await visitor.page.locator("[name=document_file]").set_input_files(file)  # type: ignore[arg-type]
    await visitor.page.locator("[name=document_note]").fill("Slowly.")
    await visitor.page.locator("form[enctype] button").click()
    await visitor.page.locator("#errors").wait_for()


async def document_removed(visitor: Visitor, demo: Demo) -> None:
    await of_record("/documents")(visitor, demo)
    await visitor.page.locator("form[action$='/removal'] button").first.click()
    await visitor.page.wait_for_url("**?removed=*")


async def retention_kept(visitor: Visitor, demo: Demo, erases: bool = True) -> None:
    """Half a year at Harbour, where nobody has anything to come and all have been made long ago."""
    await demo.owner.execute(
        "INSERT INTO retention_rule (tenant_id, keep_months, erases) SELECT id, 6, $1 FROM practice", erases
    )
    await demo.owner.execute(
        "UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff' WHERE ends_at > now()"
    )
    await visitor.go("/desk/harbour/retention")


async def erasure_kept(visitor: Visitor, demo: Demo) -> None:
    await retention_kept(visitor, demo, erases=False)
    await of_record("/erasure")(visitor, demo)


async def erasure_wished(visitor: Visitor, demo: Demo) -> None:
    await erasure_kept(visitor, demo)
    await visitor.page.locator("form[action$='/wish'] .is-danger").click()
    await visitor.page.wait_for_url("**#retention")


async def erasures(visitor: Visitor, demo: Demo) -> None:
    """One that somebody has asked for, one by the rule."""
    await erasure_wished(visitor, demo)
    await demo.owner.execute("UPDATE retention_rule SET erases = true")
    await demo.owner.execute("UPDATE client_record SET erase_at = now() + interval '300 days' WHERE email = $1", BEN)
    await visitor.go("/desk/harbour/clients/erasures")


async def erasure_meant(visitor: Visitor, demo: Demo) -> None:
    await retention_kept(visitor, demo)
    await demo.owner.execute("DELETE FROM retention_rule")
    await of_record("/erasure")(visitor, demo)


async def erasure_unsure(visitor: Visitor, demo: Demo) -> None:
    await erasure_meant(visitor, demo)
    await visitor.page.locator(".button.is-danger").click()
    await visitor.page.locator("#errors").wait_for()


async def erased(visitor: Visitor, demo: Demo) -> None:
    await erasure_meant(visitor, demo)
    await visitor.page.locator("[name=sure]").check()
    await visitor.page.locator(".button.is-danger").click()
    await visitor.page.wait_for_url(lambda address: not address.endswith("/erasure"))


async def retention_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/retention")
    await visitor.page.locator("[name=erases]").check()
    await visitor.page.locator(".button.is-primary").click()
    await visitor.page.locator("#errors").wait_for()


_PAGE = "/desk/harbour/page"


def page_unpublished(part: str) -> Way:
    async def go(visitor: Visitor, demo: Demo) -> None:
        await demo.owner.execute("UPDATE practice SET published_at = NULL WHERE slug = 'harbour'")
        await visitor.go(f"{_PAGE}{part}")

    return go


async def contact_refused(visitor: Visitor, _: Demo) -> None:
    await visitor.go(f"{_PAGE}/contact")
    await visitor.page.locator("[name=website]").fill("ours")
    await visitor.page.locator("[name=phone]").fill("ring twice")
    await _submit_whatever_is_missing(visitor)


async def address_taken(visitor: Visitor, _: Demo) -> None:
    await visitor.go(f"{_PAGE}/address")
    await visitor.page.locator("[name=slug]").fill("meadow")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def colour_too_pale(visitor: Visitor, _: Demo) -> None:
    await visitor.go(f"{_PAGE}/colour")
    await visitor.page.locator("[name=accent]").fill("#ffcc00")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def logo_kept(visitor: Visitor, _: Demo) -> None:
    await visitor.go(f"{_PAGE}/logo")
    file: FilePayload = {"name": "l.png", "mimeType": "image/png", "buffer": encoded(four_corners(600, 300), "PNG")}
    await visitor.page.locator("[name=logo]").set_input_files(file)
    await _submit(visitor)
    await visitor.page.wait_for_url("**saved=yes")


async def logo_removal(visitor: Visitor, demo: Demo) -> None:
    await logo_kept(visitor, demo)
    await visitor.go(f"{_PAGE}/logo/removal")


async def languages_lacking(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_WORDS_IN_ONE)
    await visitor.go(f"{_PAGE}/languages")


async def zone_to_change(visitor: Visitor, demo: Demo) -> None:
    """With a holiday and a place by a clock of its own."""
    await demo.owner.execute(_DAY_OFF)
    await visitor.go(f"{_PAGE}/zone?zone=Asia/Kolkata")


async def requests(visitor: Visitor, demo: Demo) -> None:
    """One that waits, of somebody new, and one of each end."""
    harbour = "(SELECT id FROM practice WHERE slug = 'harbour')"
    past = "starts_at < now() AND cancelled_at IS NULL"
    ids = await demo.owner.fetch(f"SELECT id FROM appointment WHERE tenant_id = {harbour} AND {past} ORDER BY id")
    for row, became in zip(ids, (ACCEPTED, DECLINED, LAPSED), strict=False):
        values = f"approve_by = now() - interval '1 hour', {became}"
        await demo.owner.execute(f"UPDATE appointment SET {values} WHERE id = $1", row["id"])
    await asked()(demo)
    await demo.owner.execute(_BEN_ASKS, BEN)
    await visitor.go("/desk/harbour/requests")
    await visitor.page.locator(".side-count .count").wait_for(state="attached")


async def request_accepted(visitor: Visitor, demo: Demo) -> None:
    await requests(visitor, demo)
    await visitor.page.locator("form[action$='/acceptance'] button").first.click()
    await visitor.page.wait_for_url("**?done=accepted*")


async def request_accepted_before(visitor: Visitor, demo: Demo) -> None:
    await requests(visitor, demo)
    await demo.owner.execute(f"UPDATE appointment SET {ACCEPTED} WHERE pending")
    await visitor.page.locator("form[action$='/acceptance'] button").first.click()
    await visitor.page.locator("#errors").wait_for()


async def calendar_with_request(visitor: Visitor, demo: Demo) -> None:
    await asked()(demo)
    await drawn_as("view=day")(visitor, demo)


async def card_of_request(visitor: Visitor, demo: Demo) -> None:
    await calendar_with_request(visitor, demo)
    await block(visitor, "Ana Silva").press("Enter")
    await visitor.page.locator("#card").wait_for()


async def team(visitor: Visitor, demo: Demo) -> None:
    """With somebody limited, somebody new, invitations open and over, and somebody who has gone."""
    await demo.owner.execute(_INVITED, CLEO, NORA)
    await demo.owner.execute(_TEAM)
    await visitor.go("/desk/harbour/team")
    for closed in await visitor.page.locator("main details").all():
        await closed.locator("summary").click()


async def member(visitor: Visitor, demo: Demo, email: str = THEO, page: str = "") -> None:
    ref = await demo.owner.fetchval("SELECT ref FROM membership WHERE email = $1", email)
    await visitor.go(f"/desk/harbour/team/members/{ref}{page}")


async def own_membership(visitor: Visitor, demo: Demo) -> None:
    await member(visitor, demo, NORA)


async def last_admin_refused(visitor: Visitor, demo: Demo) -> None:
    await own_membership(visitor, demo)
    await visitor.page.locator("[name=role][value=receptionist]").check()
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()


async def member_to_end(visitor: Visitor, demo: Demo) -> None:
    await member(visitor, demo, page="/end")


async def member_ended(visitor: Visitor, demo: Demo) -> None:
    await member_to_end(visitor, demo)
    await _submit(visitor)
    await visitor.page.wait_for_url("**/team?ended=*")


async def invited(visitor: Visitor, _: Demo) -> None:
    await visitor.go("/desk/harbour/team/invitations/new")
    await visitor.page.locator("[name=email]").fill(CLEO)
    await visitor.page.locator("[name=role][value=receptionist]").check()
    await _submit(visitor)
    await visitor.page.wait_for_url("**/team?done=invited*")


async def invitation_refused(visitor: Visitor, _: Demo) -> None:
    """A professional who is nobody yet, and an address that is none."""
    await visitor.go("/desk/harbour/team/invitations/new")
    await visitor.page.locator("[name=email]").fill("cleo")
    await visitor.page.locator("[name=practitioner]").select_option("new")
    await _submit_whatever_is_missing(visitor)


async def switcher(visitor: Visitor, demo: Demo) -> None:
    """Open, with another desk that is closed for the moment."""
    await demo.owner.execute(_WORKS_AT_BOTH)
    await visitor.go("/desk/harbour/services")
    await visitor.page.locator("details.where summary").click()


async def desks(visitor: Visitor, demo: Demo) -> None:
    await demo.owner.execute(_WORKS_AT_BOTH)
    await visitor.go("/desk")


STAFF_PAGES = [
    PageUnderTest("desk-team", team, NORA),
    PageUnderTest("desk-team-small", at("/desk/meadow/team"), LEA),
    PageUnderTest("desk-invite", at("/desk/harbour/team/invitations/new"), NORA),
    PageUnderTest("desk-invite-refused", invitation_refused, NORA),
    PageUnderTest("desk-invited", invited, NORA),
    PageUnderTest("desk-member", member, NORA),
    PageUnderTest("desk-member-oneself", own_membership, NORA),
    PageUnderTest("desk-member-last-admin", last_admin_refused, NORA),
    PageUnderTest("desk-member-to-end", member_to_end, NORA),
    PageUnderTest("desk-member-ended", member_ended, NORA),
    PageUnderTest("desk-leaving", at("/desk/harbour/team/leaving"), THEO),
    PageUnderTest("desk-leaving-last-admin", at("/desk/harbour/team/leaving"), NORA),
    PageUnderTest("desk-welcome", at("/desk/harbour?welcome=yes"), THEO),
    PageUnderTest("desk-switcher", switcher, THEO),
    PageUnderTest("desks", desks, THEO),
    PageUnderTest("desk-requests", requests, NORA),
    PageUnderTest("desk-requests-none", at("/desk/meadow/requests"), LEA),
    PageUnderTest("desk-request-accepted", request_accepted, NORA),
    PageUnderTest("desk-request-accepted-before", request_accepted_before, NORA),
    PageUnderTest("desk-request-refusal", of_request("/desk/harbour/requests/{}/refusal"), NORA),
    PageUnderTest("desk-request", of_request("/desk/harbour/appointments/{}"), NORA),
    PageUnderTest("desk-request-declined", of_request("/desk/harbour/appointments/{}", DECLINED), NORA),
    PageUnderTest("desk-request-to-move", of_request("/desk/harbour/appointments/{}/move"), NORA),
    PageUnderTest("desk-request-to-place", of_request("/desk/harbour/appointments/{}/placement"), NORA),
    PageUnderTest("desk-day-with-request", calendar_with_request, NORA),
    PageUnderTest("desk-day-card-of-request", card_of_request, NORA),
    PageUnderTest("desk-list-with-request", of_request("/desk/harbour?view=list"), NORA),
    PageUnderTest("waiting-list", waiting("/desk/harbour/waiting"), NORA),
    PageUnderTest("waiting-list-empty", at("/desk/harbour/waiting"), NORA),
    PageUnderTest("waiting-list-after-removal", waiting_list_after_removal, NORA),
    PageUnderTest("waiting-list-whom", at("/desk/harbour/waiting/new?q=an"), NORA),
    PageUnderTest("waiting-list-adding", waiting_list_adding, NORA),
    PageUnderTest("waiting-list-adding-refused", waiting_list_adding_refused, NORA),
    PageUnderTest("first-service", founded, ANA),
    PageUnderTest("first-service-refused", first_service_refused, ANA),
    PageUnderTest("first-hours", first_hours, ANA),
    PageUnderTest("first-hours-refused", first_hours_refused, ANA),
    PageUnderTest("first-page", page_to_open, ANA),
    PageUnderTest("first-page-open", page_opened, ANA),
    PageUnderTest("desk-in-its-first-days", first_days, ANA),
    PageUnderTest("desk-checklist", checklist, ANA),
    PageUnderTest("desk-suspended", suspended("/desk/meadow"), LEA, status=403),
    PageUnderTest("operator", at("/operator"), NORA),
    PageUnderTest("operator-nobody-found", at("/operator?q=nobody"), NORA),
    PageUnderTest("operator-practice", at("/operator/practices/harbour"), NORA),
    PageUnderTest("operator-practice-suspended", suspended("/operator/practices/meadow"), NORA),
    PageUnderTest("operator-deletion-refused", deletion_refused, NORA),
    PageUnderTest("desk-duplicates", duplicates, NORA),
    PageUnderTest("desk-no-duplicates", at("/desk/meadow/clients/duplicates"), LEA),
    PageUnderTest("desk-client-twice", client_twice, NORA),
    PageUnderTest("desk-merge", two_to_merge, NORA),
    PageUnderTest("desk-merge-refused", merge_refused, NORA),
    PageUnderTest("desk-merged", merged, NORA),
    PageUnderTest("desk-merged-address-taken", merge_with_address_taken, NORA),
    PageUnderTest("desk-merge-undone", merge_undone, NORA),
    PageUnderTest("desk-today", at("/desk/harbour"), NORA),
    PageUnderTest("desk-day", day_with_appointments, NORA),
    PageUnderTest("desk-week", week_with_appointments, NORA),
    PageUnderTest("desk-day-drawn", drawn_as("view=day"), NORA),
    PageUnderTest("desk-day-by-place", day_by_place, NORA),
    PageUnderTest("desk-day-by-room", day_by_room, NORA),
    PageUnderTest("desk-appointment-room", appointment_in_room, NORA),
    PageUnderTest("desk-audit", log_with_lines, NORA),
    PageUnderTest("desk-audit-empty", at("/desk/meadow/audit"), LEA),
    PageUnderTest("desk-audit-nothing", at("/desk/harbour/audit?what=team&from=2026-01-01"), NORA),
    PageUnderTest("desk-day-card", card, NORA),
    PageUnderTest("desk-week-drawn", drawn_as("view=week"), NORA),
    PageUnderTest("desk-month", drawn_as("view=month"), NORA),
    PageUnderTest("desk-list", at("/desk/harbour?view=list"), NORA),
    PageUnderTest("desk-of-the-other-colour", at("/desk/meadow?view=week"), LEA),
    PageUnderTest("desk-services-to-book", at("/desk/harbour/appointments/new"), NORA),
    PageUnderTest("desk-times", times_for_a_client, NORA),
    PageUnderTest("desk-client-wanted", client_wanted, NORA),
    PageUnderTest("desk-details-missing", at_desk_without_details, NORA),
    PageUnderTest("desk-appointment", at_desk("starts_at > now()"), NORA),
    PageUnderTest("desk-appointment-past", at_desk("starts_at < now()"), NORA),
    PageUnderTest("desk-appointment-missed", missed, NORA),
    PageUnderTest("desk-appointment-arrived", arrived, NORA),
    PageUnderTest("desk-appointment-overbooked", overbooked, NORA),
    PageUnderTest("desk-placement", at_desk("starts_at > now()", "/placement"), NORA),
    PageUnderTest("desk-placement-refused", placement_refused, NORA),
    PageUnderTest("desk-sheet", at("/desk/harbour/appointments/sheet"), NORA),
    PageUnderTest("desk-sheet-with-errors", sheet_with_errors, NORA),
    PageUnderTest("desk-sheet-refused", sheet_refused, NORA),
    PageUnderTest("desk-client", client, NORA),
    PageUnderTest("desk-client-with-documents", of_record(), NORA),
    PageUnderTest("desk-documents", of_record("/documents"), NORA),
    PageUnderTest("desk-document-refused", document_refused, NORA),
    PageUnderTest("desk-document-removed", document_removed, NORA),
    PageUnderTest("desk-erasure-held", of_record("/erasure"), NORA),
    PageUnderTest("desk-erasure-kept", erasure_kept, NORA),
    PageUnderTest("desk-erasure-wished", erasure_wished, NORA),
    PageUnderTest("desk-erasure", erasure_unsure, NORA),
    PageUnderTest("desk-erased", erased, NORA),
    PageUnderTest("desk-erasures", erasures, NORA),
    PageUnderTest("desk-erasures-none", at("/desk/harbour/clients/erasures"), THEO),
    PageUnderTest("desk-retention", retention_kept, NORA),
    PageUnderTest("desk-retention-refused", retention_refused, NORA),
    PageUnderTest("desk-retention-to-read", at("/desk/harbour/retention"), THEO),
    PageUnderTest("desk-client-out-of-reach", client_out_of_reach, NORA),
    PageUnderTest("desk-client-full", full_client(), NORA),
    PageUnderTest("desk-client-to-a-professional", full_client(), THEO),
    PageUnderTest("desk-child", of_child(), NORA),
    PageUnderTest("desk-child-to-set-free", of_child("/email"), NORA),
    PageUnderTest("desk-clients", clients_found(""), NORA),
    PageUnderTest("desk-clients-found", clients_found("?q=silva"), NORA),
    PageUnderTest("desk-clients-of-a-letter", clients_found("?letter=s&tag=knee"), NORA),
    PageUnderTest("desk-nobody-found", clients_found("?q=zacharias"), NORA),
    PageUnderTest("desk-client-to-make", at("/desk/harbour/clients/new"), NORA),
    PageUnderTest("desk-client-refused", client_refused, NORA),
    PageUnderTest("desk-child-to-make", full_client("/children/new"), NORA),
    PageUnderTest("desk-client-address", full_client("/email"), NORA),
    PageUnderTest("desk-client-about", full_client("/about"), NORA),
    PageUnderTest("desk-client-tags", full_client("/tags"), NORA),
    PageUnderTest("desk-note", full_client("/notes/anotefffff"), NORA),
    PageUnderTest("desk-note-removed", full_client("/notes/gonenotegg"), NORA),
    PageUnderTest("desk-consent", full_client("/consents/new/awordingff"), NORA),
    PageUnderTest("desk-consent-withdrawal", full_client("/consents/aconsentff/withdrawal"), NORA),
    PageUnderTest("desk-wordings-none", at("/desk/harbour/consents"), NORA),
    PageUnderTest("desk-wordings", wordings(""), NORA),
    PageUnderTest("desk-wording", wordings("/awordingff"), NORA),
    PageUnderTest("desk-wording-to-read", wordings("/awordingff"), THEO),
    PageUnderTest("desk-wording-new", wordings("/new"), NORA),
    PageUnderTest("desk-messages", at("/desk/harbour/messages"), NORA),
    PageUnderTest("desk-messages-in-trouble", messages_in_trouble, NORA),
    PageUnderTest("desk-messages-narrowed", at("/desk/harbour/messages?state=failed"), NORA),
    PageUnderTest("desk-no-messages", desk_without_messages, NORA),
    PageUnderTest("desk-client-details-refused", client_details_refused, NORA),
    PageUnderTest("desk-move", at_desk("starts_at > now()", "/move"), NORA),
    PageUnderTest("desk-cancellation", at_desk("starts_at > now()", "/cancellation"), NORA),
    PageUnderTest("desk-series-to-book", series_to_book, NORA),
    PageUnderTest("desk-series-refused", series_refused, NORA),
    PageUnderTest("desk-series-booked", series_booked, NORA),
    PageUnderTest("desk-series-where-to", of_series("/following/move"), NORA),
    PageUnderTest("desk-series-to-move", series_to_move, NORA),
    PageUnderTest("desk-series-cancellation", of_series("/following/cancellation"), NORA),
    PageUnderTest("desk-series-cancelled", series_cancelled, NORA),
    PageUnderTest("desk-services", at("/desk/harbour/services"), NORA),
    PageUnderTest("desk-service", service, NORA),
    PageUnderTest("desk-service-with-errors", service_with_errors, NORA),
    PageUnderTest("desk-hours", at("/desk/harbour/hours"), NORA),
    PageUnderTest("desk-hours-to-add", hours_to_add, NORA),
    PageUnderTest("desk-hours-to-change", hours_to_change, NORA),
    PageUnderTest("desk-closures", at("/desk/harbour/closures"), NORA),
    PageUnderTest("desk-closure-to-confirm", closure_to_confirm, NORA),
    PageUnderTest("desk-closure-over-an-appointment", one_closure, NORA),
    PageUnderTest("desk-closure-appointments", closure("/appointments"), NORA),
    PageUnderTest("desk-closure", closure(), NORA),
    PageUnderTest("desk-closure-refused", closure_refused, NORA),
    PageUnderTest("desk-closure-removed", closure_removed, NORA),
    PageUnderTest("desk-closures-of-a-professional", at("/desk/harbour/closures"), THEO),
    PageUnderTest("desk-holidays", holidays, NORA),
    PageUnderTest("desk-holidays-unknown", holidays_unknown, NORA),
    PageUnderTest("desk-why", at("/desk/harbour/why"), NORA),
    PageUnderTest("desk-why-not-offered", why_not_offered, NORA),
    PageUnderTest("desk-why-closed", why_closed_then, NORA),
    PageUnderTest("desk-why-no-such-time", why_in_spring, NORA),
    PageUnderTest("desk-why-refused", at("/desk/harbour/why?service=&day=&time=10:00"), NORA),
    PageUnderTest("desk-policy", at("/desk/harbour/policy"), NORA),
    PageUnderTest("desk-policy-to-read", at("/desk/harbour/policy"), THEO),
    PageUnderTest("desk-reminders", at("/desk/harbour/reminders"), NORA),
    PageUnderTest("desk-reminders-none", no_reminders, NORA),
    PageUnderTest("desk-reminder", reminder, NORA),
    PageUnderTest("desk-reminder-ended", reminder_ended, NORA),
    PageUnderTest("desk-reminder-refused", reminder_refused, NORA),
    PageUnderTest("desk-reminder-to-read", reminder, THEO),
    PageUnderTest("desk-sending", sending_nearly_spent, NORA),
    PageUnderTest("desk-sending-to-read", at("/desk/harbour/reminders/sending"), THEO),
    PageUnderTest("desk-texts", at("/desk/harbour/reminders/texts"), NORA),
    PageUnderTest("desk-text", own_text, NORA),
    PageUnderTest("desk-text-of-mail", at("/desk/harbour/reminders/texts/booked/email"), NORA),
    PageUnderTest("desk-text-refused", text_refused, NORA),
    PageUnderTest("desk-text-removal", text_removal, NORA),
    PageUnderTest("desk-told", at("/desk/harbour/reminders/told"), THEO),
    PageUnderTest("desk-hours-of-others", at("/desk/harbour/hours"), THEO),
    PageUnderTest("desk-no-transfers", at("/desk/harbour/transfers"), NORA),
    PageUnderTest("desk-transfers", transfers, NORA),
    PageUnderTest("desk-import", at("/desk/harbour/clients/import"), NORA),
    PageUnderTest("desk-import-columns", file_chosen, NORA),
    PageUnderTest("desk-import-columns-missing", columns_missing, NORA),
    PageUnderTest("desk-import-preview", import_previewed, NORA),
    PageUnderTest("desk-import-under-way", import_under_way, NORA),
    PageUnderTest("desk-import-checked", import_checked, NORA),
    PageUnderTest("desk-import-done", import_done, NORA),
    PageUnderTest("desk-export-form", at("/desk/harbour/clients/export"), NORA),
    PageUnderTest("desk-export", export_done, NORA),
    PageUnderTest("desk-services-to-read", at("/desk/harbour/services"), THEO),
    PageUnderTest("desk-page", at(_PAGE), NORA),
    PageUnderTest("desk-page-unpublished", page_unpublished(""), NORA),
    PageUnderTest("desk-page-words", at(f"{_PAGE}/words"), NORA),
    PageUnderTest("desk-page-contact", at(f"{_PAGE}/contact"), NORA),
    PageUnderTest("desk-page-contact-refused", contact_refused, NORA),
    PageUnderTest("desk-page-address", at(f"{_PAGE}/address"), NORA),
    PageUnderTest("desk-page-address-taken", address_taken, NORA),
    PageUnderTest("desk-page-colour", at(f"{_PAGE}/colour"), NORA),
    PageUnderTest("desk-page-colour-too-pale", colour_too_pale, NORA),
    PageUnderTest("desk-page-logo", at(f"{_PAGE}/logo"), NORA),
    PageUnderTest("desk-page-logo-kept", logo_kept, NORA),
    PageUnderTest("desk-page-logo-removal", logo_removal, NORA),
    PageUnderTest("desk-page-languages", at(f"{_PAGE}/languages"), NORA),
    PageUnderTest("desk-page-languages-lacking", languages_lacking, NORA),
    PageUnderTest("desk-page-zone", at(f"{_PAGE}/zone"), NORA),
    PageUnderTest("desk-page-zone-change", zone_to_change, NORA),
    PageUnderTest("desk-page-published", at(f"{_PAGE}/publication"), NORA),
    PageUnderTest("desk-page-to-publish", page_unpublished("/publication"), NORA),
    PageUnderTest("desk-page-website", at(f"{_PAGE}/website"), NORA),
]


async def _service(demo: Demo) -> str:
    ref: str = await demo.owner.fetchval("SELECT ref FROM service WHERE name = 'Follow-up'")
    return ref


async def _appointment(which: str, demo: Demo) -> str:
    ref: str = await demo.owner.fetchval(
        f"SELECT ref FROM ({_ANAS}) AS anas WHERE {which} ORDER BY starts_at LIMIT 1", ANA
    )
    return ref


async def _day_of(which: str, demo: Demo) -> str:
    day = await demo.owner.fetchval(f"SELECT min(starts_at)::date FROM ({_ANAS}) AS anas WHERE {which}", ANA)
    return str(day)


_INVITED = """INSERT INTO invitation (tenant_id, ref, key, email, role, by_email, created_at, expires_at)
              SELECT id, 'aninvitati', 'an-invitation-s-own-ke', $1, 'receptionist', $2, now(),
                     now() + interval '7 days'
              FROM practice WHERE slug = 'harbour'"""
_TEAM = """
UPDATE membership SET sees_all_clients = false, sees_contacts = false, joined_at = now() - interval '1 year'
WHERE email = 'theo@harbour.example';
INSERT INTO invitation (tenant_id, ref, key, email, role, new_practitioner, by_email, created_at, expires_at)
SELECT id, 'oldinvitat', 'old', 'a.very.long.address.of.somebody.who.is.invited@long-name-of-a-practice.example',
       'professional', 'Ana Silva', 'nora@harbour.example', now() - interval '9 days', now() - interval '2 days'
FROM practice WHERE slug = 'harbour';
INSERT INTO membership (tenant_id, email, role, ended_at)
SELECT id, 'ben@example.org', 'receptionist', now() - interval '1 day' FROM practice WHERE slug = 'harbour'
"""
_WORKS_AT_BOTH = """
INSERT INTO membership (tenant_id, email, role)
SELECT id, 'theo@harbour.example', 'receptionist' FROM practice WHERE slug = 'meadow';
UPDATE practice SET suspended_at = now() WHERE slug = 'meadow'
"""
_SECOND_PLACE = """INSERT INTO place (tenant_id, ref, name)
                   SELECT id, 'asecondone', 'Studio' FROM practice WHERE slug = 'harbour'"""
_TIME_OFF = """INSERT INTO closure (tenant_id, ref, starts_at, ends_at, reason)
               SELECT id, 'atimeoff', ($1::date + time '12:30') AT TIME ZONE zone,
                      ($1::date + time '13:30') AT TIME ZONE zone, 'Staff lunch'
               FROM practice WHERE slug = 'harbour'"""
_KEPT = """INSERT INTO hold (tenant_id, key, practitioner_id, service_id, place_id, starts_at, ends_at,
                             blocked_from, blocked_until, created_at, expires_at)
           SELECT practice.id, 'kept', practitioner.id, service.id, place.id, begins, begins + interval '30 minutes',
                  begins, begins + interval '45 minutes', now(), now() + interval '5 minutes'
           FROM practice JOIN practitioner ON practitioner.tenant_id = practice.id AND practitioner.name = 'Theo Roy'
                JOIN service ON service.tenant_id = practice.id AND service.name = 'Follow-up'
                JOIN place ON place.tenant_id = practice.id AND place.name <> 'Studio',
                LATERAL (SELECT ($1::date + time '15:00') AT TIME ZONE practice.zone AS begins) AS kept
           WHERE slug = 'harbour'"""
_HOLIDAY = """INSERT INTO closure (tenant_id, ref, starts_at, ends_at, reason, holiday)
              SELECT id, 'aholiday22', $2::date, $2::date + 1, 'New Year', $1 FROM practice WHERE slug = 'harbour'"""
_ON_A_HOLIDAY = """UPDATE appointment SET starts_at = $1::date + time '15:00', ends_at = $1::date + time '15:30',
                          blocked_from = $1::date + time '15:00', blocked_until = $1::date + time '15:30'
                   WHERE ref = (
                       SELECT appointment.ref FROM appointment JOIN client_record ON client_record.id = client_record_id
                       WHERE client_record.email = $2 AND starts_at > now() LIMIT 1)"""
_RECORD = """
UPDATE client_record SET birthday = '1984-03-09', tags = '{knee,"winter sports",invoices by post}', language = 'fr'
WHERE email = 'ana@example.org';
INSERT INTO client_record (ref, tenant_id, first_name, last_name, birthday, guardian_id, created_at)
SELECT 'leorecordd', tenant_id, 'Léo', 'Silva', '2019-06-01', id, now()
FROM client_record WHERE email = 'ana@example.org';
INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at, ends_at,
                         blocked_from, blocked_until, booking_key, booked_at, booked_by)
SELECT 'leosvisitt', one.tenant_id, (SELECT id FROM client_record WHERE ref = 'leorecordd'), practitioner_id,
       service_id, place_id, day, day + '30 minutes', day, day + '30 minutes', 'leo', now(), 'staff'
FROM appointment AS one JOIN client_record ON client_record.id = client_record_id,
     date_trunc('hour', now() + '40 days') AS day
WHERE email = 'ana@example.org' ORDER BY starts_at LIMIT 1;
INSERT INTO client_note (ref, tenant_id, client_record_id, created_at, pinned_at, removed_at, removed_by)
SELECT note.*, record.id, now(), pinned_at, removed_at, removed_by
FROM client_record AS record,
     (VALUES ('anotefffff', now(), NULL, ''), ('othernotee', NULL, NULL, ''),
             ('gonenotegg', NULL, now(), 'theo@harbour.example')) AS said (ref, pinned_at, removed_at, removed_by),
     LATERAL (SELECT said.ref, record.tenant_id) AS note
WHERE record.email = 'ana@example.org';
INSERT INTO client_note_version (tenant_id, note_id, at, by_email, body)
SELECT tenant_id, id, now() - '9 days'::interval / version, 'theo@harbour.example',
       repeat('Left knee: careful on stairs, fine on the bicycle. ', version)
FROM client_note, generate_series(1, 2) AS version ORDER BY version;
INSERT INTO consent_wording (ref, tenant_id, name, created_at, retired_at)
SELECT wording.ref, practice.id, wording.name, now(), retired_at FROM practice,
       (VALUES ('awordingff', 'Photos', NULL), ('bwordingff', 'Letters to the doctor', NULL),
               ('cwordingff', 'Newsletter', now())) AS wording (ref, name, retired_at)
WHERE slug = 'harbour';
INSERT INTO consent_text (tenant_id, wording_id, version, at, by_email, body)
SELECT tenant_id, id, version, now(), 'nora@harbour.example',
       'I agree that the practice takes photos of my posture and keeps them as long as my record.' || version
FROM consent_wording, generate_series(1, 2) AS version;
INSERT INTO consent (ref, tenant_id, client_record_id, text_id, given_at, how, by_email, withdrawn_at, withdrawn_how,
                     withdrawn_by)
SELECT given.ref, record.tenant_id, record.id, text.id, now(), 'form', 'nora@harbour.example', given.withdrawn_at,
       CASE WHEN given.withdrawn_at IS NOT NULL THEN 'phone' END, ''
FROM client_record AS record, consent_text AS text JOIN consent_wording AS wording ON wording.id = text.wording_id,
     (VALUES ('aconsentff', 1, NULL), ('bconsentff', 2, now())) AS given (ref, version, withdrawn_at)
WHERE record.email = 'ana@example.org' AND wording.ref = 'awordingff' AND text.version = given.version;
INSERT INTO client_change (tenant_id, client_record_id, at, how, by_email, field, before, after)
SELECT tenant_id, id, now(), 'changed', 'nora@harbour.example', field, '', after
FROM client_record, (VALUES ('birthday', '1984-03-09'), ('language', 'fr'), ('tags', 'knee')) AS change (field, after)
WHERE email = 'ana@example.org'
"""
_MANY = """
INSERT INTO client_record (ref, tenant_id, first_name, last_name, email, phone, tags, created_at)
SELECT 'client' || n, practice.id, 'Client', chr(65 + n % 26) || n, 'client' || n || '@example.org',
       '+1416555' || 1000 + n,
       CASE WHEN n % 5 = 0 THEN '{knee}' ELSE '{}' END::text[], now()
FROM practice, generate_series(1, 70) AS n WHERE slug = 'harbour'
"""
_PHONE = """INSERT INTO connection
                (ref, token_digest, person_id, address_id, name, user_agent, ip, created_at, last_seen_at)
            SELECT 'aphone', 'nobody knows', person_id, id, 'Kitchen phone', $2, '203.0.113.7',
                   now() - interval '9 days', now() - interval '2 hours'
            FROM address WHERE email = $1 ON CONFLICT DO NOTHING"""
_LINK = """INSERT INTO not_me_link (token_digest, sent_to, signed_in_with, signed_in_at, expires_at)
           VALUES (sha256('a-link-of-anas'), $1, $1, now() - interval '1 hour', now() + interval '1 hour')"""
_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Mobile Safari/537.36"
)

_OWN_PAGE = """
WITH harbour AS (
    UPDATE practice SET logo = '0123456789abcdef0123456789abcdef' WHERE slug = 'harbour' RETURNING id
), traveller AS (
    UPDATE person SET zone = 'Asia/Kolkata' WHERE first_name = 'Ana'
), said AS (
    INSERT INTO practice_text (tenant_id, language, about)
    SELECT id, 'fr', 'Physiothérapie au bord de l’eau : le dos, les genoux.' FROM harbour
)
INSERT INTO practice_logo (tenant_id, large, small, kept_at) SELECT id, $1, $2, now() FROM harbour
"""
_WORDS_IN_ONE = """INSERT INTO message_text (tenant_id, kind, channel, language, subject, body)
                   SELECT id, kind, 'sms', 'en', '', '{day} {link}'
                   FROM practice, (VALUES ('reminder'), ('booked')) AS own (kind) WHERE slug = 'harbour'"""
_DAY_OFF = """INSERT INTO place (tenant_id, ref, name, zone)
              SELECT id, 'aplacethere', 'By the lake', 'America/Vancouver' FROM practice WHERE slug = 'harbour';
              INSERT INTO closure (tenant_id, ref, starts_at, ends_at, reason)
              SELECT id, 'awholeday', date_trunc('day', now() + '40 days') AT TIME ZONE zone,
                     date_trunc('day', now() + '41 days') AT TIME ZONE zone, 'Spring cleaning'
              FROM practice WHERE slug = 'harbour'"""

_NOTHING_TO_COME = "UPDATE appointment SET cancelled_at = now(), cancelled_by = 'staff' WHERE ends_at > now()"
_RECORD_AT_HARBOUR = """SELECT client_record.ref FROM client_record JOIN practice ON practice.id = tenant_id
                        WHERE slug = 'harbour' AND client_record.email = $1"""
_CHILD = """INSERT INTO client_record (tenant_id, ref, first_name, guardian_id, created_at)
            SELECT tenant_id, 'achild', 'Mia', id, now() FROM client_record WHERE email = $1 ON CONFLICT DO NOTHING"""
_DOCUMENTS: dict[str, tuple[str, ...]] = {
    "exercises.pdf": ("shared_at", "opened_at"),
    "a-very-long-name-without-any-blank-that-could-be-broken-but-for-a-line-of-a-phone-2026-11-23.pdf": ("shared_at",),
    "for the practice.pdf": (),
}

# One with an offer that is open and one that was let go by, another with a narrow wish, and Ben behind her.
_WAITS = """
    WITH who AS (
        SELECT client_record.id, tenant_id, client_record.email
        FROM client_record JOIN practice ON practice.id = tenant_id
        WHERE slug = 'harbour' AND client_record.email IN ($1, 'ben@example.org')
    ), what AS (
        SELECT service.id, service.name, tenant_id FROM service JOIN practice ON practice.id = tenant_id
        WHERE slug = 'harbour'
    ), wish AS (
        INSERT INTO waiting_wish (ref, tenant_id, client_record_id, service_id, weekdays, from_minute, until_minute,
                                  first_day, last_day, note, created_at)
        SELECT wished.ref, who.tenant_id, who.id, what.id, wished.weekdays, since, until, current_date,
               current_date + 30, wished.note, now() - wished.ago
        FROM (VALUES
            ('anawaits1', 'ana@example.org', 'Follow-up', '{0,1,2,3,4}'::smallint[], 0, 1440,
             'Left knee, stairs are hard', interval '3 days'),
            ('anawaits2', 'ana@example.org', 'First visit', '{6}', 600, 750, '', interval '2 days'),
            ('benwaits', 'ben@example.org', 'Follow-up', '{1,3}', 0, 720, '', interval '1 day')
        ) AS wished (ref, email, service, weekdays, since, until, note, ago)
        JOIN who ON who.email = wished.email JOIN what ON what.name = wished.service
        RETURNING id, ref, tenant_id, client_record_id
    )
    INSERT INTO waiting_offer (ref, key, tenant_id, wish_id, client_record_id, practitioner_id, place_id, starts_at,
                               offered_at, expires_at, hold_id, expired_at)
    SELECT made.ref, made.key, wish.tenant_id, wish.id, client_record_id, practitioner.id, place.id,
           date_trunc('hour', now()) + made.ahead, now() - made.ago, now() - made.ago + interval '2 hours', 0, over
    FROM (VALUES
        ('anoffer1', 'a-key-of-twenty-two-yy', interval '4 days', interval '1 day', now() - interval '22 hours'),
        ('anoffer2', 'a-key-of-twenty-two-xx', interval '2 days', interval '1 hour', NULL)
    ) AS made (ref, key, ahead, ago, over)
    JOIN wish ON wish.ref = 'anawaits1'
    JOIN practitioner ON practitioner.tenant_id = wish.tenant_id AND practitioner.name = 'Nora Blake'
    JOIN LATERAL (SELECT id FROM place WHERE place.tenant_id = wish.tenant_id ORDER BY id LIMIT 1) AS place ON true
"""

_MOBILE_CODE = """INSERT INTO code (ref, sent_to, purpose, person_id, digest, created_at, expires_at, tries_left)
                  SELECT 'amobilecode', '+14165550101', 'verify_mobile', person_id, '', now(),
                         now() + interval '15 minutes', 5
                  FROM address WHERE email = $1 RETURNING ref"""

_TWIN = """INSERT INTO client_record (tenant_id, ref, email, first_name, last_name, phone, home_phone, birthday, tags,
                                      created_at)
           SELECT tenant_id, 'anastwin', 'aan.silva@example.org', 'Anna', 'Sylva', '+14165550132', phone, '1990-05-17',
                  '{knee,mornings}', now()
           FROM client_record WHERE email = $1"""

_SUSPENDED = """UPDATE practice SET suspended_at = now() - interval '7 days', suspended_why = 'Unpaid since May.',
                                    delete_at = now() + interval '23 days'
                WHERE slug = 'meadow'"""

# A reminder by the practice's first rule, sent an hour ago.
_WRITTEN = """INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, copy, link,
                                   sent_to, created_at, next_attempt_at, sent_at)
              SELECT appointment.tenant_id, appointment.id, sequence, 'reminder', rule.id, 'email', starts_at,
                     1 + (SELECT count(*) FROM message WHERE appointment_id = appointment.id), $1, email,
                     now() - interval '1 hour', now() - interval '1 hour', now() - interval '1 hour'
              FROM appointment JOIN client_record ON client_record.id = client_record_id
              JOIN LATERAL (
                  SELECT min(id) AS id FROM reminder_rule WHERE tenant_id = appointment.tenant_id) AS rule ON true
              WHERE appointment.ref = $2"""
_NEXT_AT_HARBOUR = """SELECT appointment.ref FROM appointment
                      JOIN client_record ON client_record.id = client_record_id
                      WHERE client_record.email = $1 AND starts_at > now() ORDER BY starts_at LIMIT 1"""
_BEN_ASKS = """UPDATE appointment SET approve_by = least(starts_at, now() + interval '90 minutes'), booked_at = now()
               WHERE id = (SELECT appointment.id FROM appointment
                           JOIN client_record ON client_record.id = client_record_id
                           WHERE email = $1 AND starts_at > now() ORDER BY starts_at LIMIT 1)"""
_BECAME = (
    "delivered_at = now()",
    "sent_at = NULL",
    "failed_at = now(), failure = '550 no such mailbox'",
    "sent_at = NULL, skipped_at = now(), skip_reason = 'bounced'",
    "channel = 'sms', sent_to = '+14165550132', said = 'Harbour Physiotherapy: Monday at 9:30, Harbour House.'",
)
_SMS_ON = """INSERT INTO message_policy (tenant_id, sms_on) SELECT id, true FROM practice
             ON CONFLICT ON CONSTRAINT message_policy_tenant_key DO UPDATE SET sms_on = true;
             INSERT INTO sms_stop (number, stopped_at) VALUES ('+33612345678', now());
             UPDATE client_record SET phone = '+14165550132' WHERE email = 'ana@example.org';
             UPDATE client_record SET phone = '+33612345678' WHERE email = 'ana.silva@example.com'"""

_ANAS = """SELECT appointment.ref, starts_at FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE client_record.email = $1"""


async def _submit(visitor: Visitor, *, last: bool = False) -> None:
    buttons = visitor.page.locator("main form[method=post] .actions .button")
    await (buttons.last if last else buttons.first).click()
    await visitor.page.wait_for_load_state()


async def _submit_whatever_is_missing(visitor: Visitor) -> None:
    """Past the browser's own check, to what the page says itself."""
    await visitor.page.evaluate("() => { for (const form of document.forms) form.noValidate = true; }")
    await _submit(visitor)
    await visitor.page.locator("#errors").wait_for()
