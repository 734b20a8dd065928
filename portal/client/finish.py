"""The last step of each way to book: the rule is asked, and its "no" becomes a page with the next free times."""

from contextlib import suppress

from litestar.response import Template

from portal.client.holds import choose_again, hold_choice
from portal.client.refused import refused_page
from portal.database import TROUBLE, practice_lens
from portal.people.offers import offer_home_phone
from portal.web.viewer import Viewer
from tenants.booking.book import Booked, book_held_slot
from tenants.booking.hold import Typed, find_hold, keep_typed
from tenants.clients.record import Contact
from tenants.practices.tenant import Tenant
from tenants.refusals import Refusal


async def book_hold(viewer: Viewer, practice: Tenant, key: str, contact: Contact, note: str) -> Booked:
    """Raises what `book_held_slot` raises. A practice that meets this person learns what every practice may see."""
    async with practice_lens(practice):
        booked = await book_held_slot(practice, key, contact, note, viewer.now, booked_from=viewer.network)
    if booked.first and viewer.person and contact.email:
        with suppress(*TROUBLE):  # the appointment stands, and the next Save of the profile brings it
            await offer_home_phone(viewer.person.person_id, practice, contact.email, viewer.now)
    return booked


async def refused_hold(
    viewer: Viewer, practice: Tenant, key: str, refusal: Refusal, typed: Typed | None = None
) -> Template:
    """`typed` is what the hold does not know yet, so that the next one takes it over."""
    async with practice_lens(practice):
        if typed:
            await keep_typed(practice, key, typed, viewer.now)
        hold = await find_hold(practice, key)
    choice = hold_choice(hold) | {"hold": key}
    return refused_page(viewer, practice, refusal, choice, again=choose_again(viewer, hold))
