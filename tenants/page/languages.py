"""The languages that a practice speaks; the first one is that of its own words where a reader's is not among them."""

from collections.abc import Sequence

from tenants.page.sign import locked_sign, write_sign
from tenants.page.texts import keep_about, kept_abouts
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, LanguageMissing


async def change_languages(tenant: Tenant, wanted: Sequence[str], seen: str) -> None:
    """In this order. What was said in one that is left out is kept, and stands again with it.

    `seen` is the fingerprint of the languages that the form was filled from. Raises LanguageMissing, ChangedMeanwhile.
    """
    languages = list(dict.fromkeys(wanted))
    if not languages:
        raise LanguageMissing
    row = await locked_sign(tenant)
    stands: list[str] = row["languages"]
    if stands == languages:
        return
    if languages_seen(stands) != seen:
        raise ChangedMeanwhile
    about = row["about"]
    if languages[0] != stands[0]:
        await keep_about(tenant, stands[0], about)
        about = (await kept_abouts(tenant)).get(languages[0], "")
    await write_sign(tenant, {"languages": languages, "about": about})


def languages_seen(languages: Sequence[str]) -> str:
    return fingerprint(list(languages))
