"""What a person lets practices see that these do not need: photo and home phone, here, there or everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.core import get_global

from portal.database import person_lens
from portal.languages.words import Words
from portal.people.profile import EVERYWHERE, HOME_PHONE, PHOTO
from portal.web.forms import Form
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_records
from tenants.practices.tenant import Tenant

WHAT = (PHOTO, HOME_PHONE)


@dataclass(frozen=True, slots=True)
class Sharing:
    """`countries` are where this person's phones may be, the likeliest first.

    On pages a practice is named by its slug: "photo@harbour"; its number is nobody's to read.
    """

    tenants: tuple[Tenant, ...]
    countries: tuple[str, ...]

    @property
    def at_home(self) -> str | None:
        return next(iter(self.countries), None)

    def ticked(self, shown: str) -> list[str]:
        """The boxes that are ticked; of a practice that this person sees no more there is none."""
        slugs = {str(tenant.id): tenant.slug for tenant in self.tenants} | {EVERYWHERE: EVERYWHERE}
        return [f"{what}@{slugs[where]}" for what, where in _pairs(shown) if where in slugs]

    def read(self, form: Form) -> str:
        """What is ticked, in the form of `Profile.shown`. A box that stands on no such page counts as none."""
        ids = {tenant.slug: str(tenant.id) for tenant in self.tenants} | {EVERYWHERE: EVERYWHERE}
        pairs = (each.partition("@")[::2] for each in form.many("shown"))
        return " ".join(sorted({f"{what}@{ids[where]}" for what, where in pairs if what in WHAT and where in ids}))

    def said(self, shown: str, words: Words) -> str:
        _ = words.gettext
        names = {str(tenant.id): tenant.name for tenant in self.tenants} | {EVERYWHERE: _("every practice")}
        things = {PHOTO: _("Photo"), HOME_PHONE: _("Home phone")}
        return ", ".join(
            _("%(what)s for %(who)s", what=things[what], who=names[where])
            for what, where in _pairs(shown)
            if where in names
        )


async def find_sharing(viewer: Viewer) -> Sharing:
    person = signed_in(viewer)
    async with person_lens(person.person_id):
        tenants = tuple({row["tenant"].id: row["tenant"] for row in await own_records()}.values())
    at_home = get_global("zone_territories").get(person.zone) if person.zone else None
    countries = [at_home, *(tenant.country for tenant in tenants), viewer.locale.territory]
    return Sharing(tenants, tuple(dict.fromkeys(country for country in countries if country)))


def _pairs(shown: str) -> Iterator[tuple[str, str]]:
    for each in shown.split():
        what, _, where = each.partition("@")
        if what in WHAT:
            yield what, where
