"""Every page, read off the application, and what stands in its address: of Harbour's, of Ana, whom Nora has."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
from litestar.routes import HTTPRoute

from portal.staff.desk import NEEDS
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, NORA, THEO, Cast
from tests.documents_made import document_made
from tests.factories import insert
from tests.messages_made import message_made
from tests.waiting_made import offer_made, wish_made

DESK = "/desk/{slug}"
COUNTED = ("new", "changed", "unchanged", "refused", "aside")
PHOTO = {"large": b"", "small": b"", "created_at": MONDAY, "kept_at": MONDAY}
# What makes every form whole, so that none is refused before somebody asks whose thing it would change.
FIELDS = {
    "start": "2026-11-27T10:00:00-05:00",
    "name": "Massage",
    "minutes": "30",
    "before": "0",
    "after": "0",
    "step": "15",
    "weekday": "6",
    "place": "anywhere",
    "opens": "09:00",
    "closes": "10:00",
    "email": "ben@example.org",
    "first_name": "Ben",
    "last_name": "Okafor",
    "channel": "email",
    "ahead": "2",
    "ahead_unit": "days",
    "condition": "always",
    "late": "skip",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "sms_budget": "1",
    "tell": "none",
    "body_en": "{link}",
    "body_fr": "{link}",
    "form": "csv",
    "sure": "yes",
    "keep": "1",
    "unit": "years",
    "note": "Something.",
    "tag": "sports",
    "how": "phone",
    "seen": "1",
    "body": "I agree.",
    "role": "receptionist",
    "capacity": "1",
    "booked_by": "online",
    "way": "up",
    "what": "room",
    "thing_name": "Room 9",
    "practitioner": "nobody",
    "resource": "aresource",
}


@dataclass
class Things:
    """What stands in the addresses: Ana's, at Harbour and her own, and Harbour's."""

    appointment: str
    request: str
    address: str
    code: str
    mobile_code: str
    connection: str
    service: str
    hours: str
    closure: str
    rule: str
    client: str
    hold: str
    link: str
    message: str
    reply: str
    imported: str
    exported: str
    other: str
    merge: str
    document: str
    note: str
    wording: str
    consent: str
    member: str
    invitation: str
    invitation_key: str
    practitioner: str
    place: str
    kind: str
    thing: str
    wish: str
    offer: str

    def path(self, template: str) -> str:
        """The address of one of Harbour's things, by the word before it."""
        path = template.replace("/invitations/{key}", f"/invitations/{self.invitation_key}")
        path = path.replace("/offers/{key}", f"/offers/{self.offer}")
        path = path.replace("{slug}", "harbour").replace("{key}", self.hold).replace("{token}", "nope")
        path = path.replace("{look}", "auto").replace("{name}", "0" * 32)
        path = path.replace("{size}", "large").replace("{link}", self.link)
        path = path.replace("{kind}", "reminder").replace("{channel}", "sms")
        path = path.replace("{other}", self.other).replace("{merge}", self.merge)
        path = path.replace("{note}", self.note).replace("{wording}", self.wording).replace("{consent}", self.consent)
        path = path.replace("{thing}", self.thing)
        for room, ref in (
            ("practitioners", self.practitioner),
            ("places", self.place),
            ("resources", self.kind),
            ("appointments", self.appointment),
            ("requests", self.request),
            ("addresses", self.address),
            ("mobile/codes", self.mobile_code),
            ("codes", self.code),
            ("connections", self.connection),
            ("services", self.service),
            ("hours", self.hours),
            ("closures", self.closure),
            ("reminders", self.rule),
            ("clients", self.client),
            ("records", self.client),
            ("messages", self.message),
            ("replies", self.reply),
            ("imports", self.imported),
            ("exports", self.exported),
            ("documents", self.document),
            ("consents", self.wording),
            ("members", self.member),
            ("invitations", self.invitation),
            ("waiting", self.wish),
        ):
            path = path.replace(f"/{room}/{{ref}}", f"/{room}/{ref}")
        assert "{" not in path, f"{template}: tell this test whose thing stands there"
        return path


def pages() -> list[tuple[str, str]]:
    """Method and address of every page; parameters without their types."""
    routes = [route for route in make_app(TestClock(MONDAY)).routes if isinstance(route, HTTPRoute)]
    return sorted(
        (method, re.sub(r":\w+}", "}", route.path))
        for route in routes
        for method in route.methods
        if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    )


def desk_doors() -> dict[tuple[str, str], Any]:
    """Each with what it needs; None for one that does not say."""
    routes = [route for route in make_app(TestClock(MONDAY)).routes if isinstance(route, HTTPRoute)]
    return {
        (str(method), re.sub(r":\w+}", "}", route.path)): handler.opt.get(NEEDS)
        for route in routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if route.path.startswith("/desk/{slug:str}") and method != "OPTIONS"
    }


def of_desk() -> list[tuple[str, str]]:
    return [(method, path) for method, path in pages() if path.startswith(DESK)]


def of_operator() -> list[tuple[str, str]]:
    return [(method, path) for method, path in pages() if path.startswith("/operator")]


def of_person() -> list[tuple[str, str]]:
    of_one = (
        "/appointments/{ref}",
        "/addresses/{ref}",
        "/addresses/codes/{ref}",
        "/connections/{ref}",
        "/profile/mobile/codes/{ref}",
        "/messages/records/{ref}",
        "/documents/{ref}",
        "/waiting/{ref}",
    )
    return [(method, path) for method, path in pages() if path.startswith(of_one)]


async def things_made(cast: Cast, owner: asyncpg.Connection) -> Things:
    harbour = cast.harbour
    nora = harbour.practitioners["Nora Blake"]["id"]
    place = harbour.places["Harbour House"]["id"]
    service = harbour.services["Follow-up"]
    series = await insert(
        owner,
        "series",
        tenant_id=harbour.tenant.id,
        ref="aseriesfff",
        every_weeks=1,
        by_email=NORA,
        created_at=MONDAY,
    )
    kept = await harbour.appointment(
        ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10), series_id=series["id"]
    )
    asked = await harbour.appointment(
        ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 27, 16), approve_by=harbour.at(2026, 11, 24, 8)
    )
    times = {"starts_at": harbour.at(2026, 11, 26, 10), "ends_at": harbour.at(2026, 11, 26, 10, 30)}
    closure = await insert(owner, "closure", tenant_id=harbour.tenant.id, ref="closurefff", **times)
    gone = {"ref": closure["ref"], "reason": "", "removed_at": MONDAY}
    await insert(owner, "removed_closure", tenant_id=harbour.tenant.id, **gone, **times)
    hold = await insert(
        owner,
        "hold",
        tenant_id=harbour.tenant.id,
        key="a-key-that-nobody-guesses",
        practitioner_id=nora,
        service_id=service["id"],
        place_id=place,
        blocked_from=times["starts_at"],
        blocked_until=times["ends_at"],
        created_at=MONDAY,
        expires_at=harbour.at(2026, 11, 23, 8, 5),
        **times,
    )
    hours = await owner.fetchval("SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1", nora)
    address = await owner.fetchval("SELECT ref FROM address WHERE email = $1", ANA_AT_MEADOW)
    code, mobile_code = [
        await insert(
            owner,
            "code",
            ref=f"code-of-anas-to-{purpose}",
            sent_to=to,
            purpose=purpose,
            person_id=cast.ana["id"],
            digest=b"",
            created_at=MONDAY,
            expires_at=harbour.at(2026, 11, 23, 8, 15),
            used_at=MONDAY,
        )
        for purpose, to in (("add_address", BEN), ("verify_mobile", "+14165550101"))
    ]
    connection = await insert(
        owner,
        "connection",
        ref="connection",
        token_digest=b"nobody knows",
        person_id=cast.ana["id"],
        address_id=await owner.fetchval("SELECT id FROM address WHERE email = $1", ANA),
        created_at=MONDAY,
        last_seen_at=MONDAY,
    )
    await insert(owner, "photo", ref="aphoto", person_id=cast.ana["id"], **PHOTO)
    await owner.execute("UPDATE person SET shown = '{photo@*}' WHERE id = $1", cast.ana["id"])
    rule = await owner.fetchval("SELECT ref FROM reminder_rule WHERE tenant_id = $1 LIMIT 1", harbour.tenant.id)
    client = harbour.records[ANA]
    message = await message_made(owner, kept, link="Ab3dEf9h")
    reply = await insert(
        owner, "client_reply", tenant_id=harbour.tenant.id, client_record_id=client["id"], at=MONDAY, body="Maybe."
    )
    imported, exported = await transfers_made(owner, harbour.tenant.id)
    document = await document_made(owner, client, shared_at=MONDAY, shared_by=NORA)
    wish = await wish_made(owner, client, service["id"], MONDAY)
    offer = await offer_made(owner, wish, times["starts_at"], harbour.at(2026, 11, 23, 10), nora, place)
    return Things(
        kept["ref"],
        asked["ref"],
        address,
        code["ref"],
        mobile_code["ref"],
        connection["ref"],
        service["ref"],
        hours,
        closure["ref"],
        rule,
        client["ref"],
        hold["key"],
        "Ab3dEf9h",
        message["ref"],
        reply["ref"],
        imported,
        exported,
        harbour.records[BEN]["ref"],
        await merge_into(owner, client),
        document["ref"],
        *await written_about(owner, client),
        await owner.fetchval("SELECT ref FROM membership WHERE email = $1", THEO),
        *await invitation_made(owner, harbour.tenant.id),
        harbour.practitioners["Nora Blake"]["ref"],
        harbour.places["Harbour House"]["ref"],
        *await room_made(owner, harbour.tenant.id, place),
        wish["ref"],
        offer["key"],
    )


async def room_made(owner: asyncpg.Connection, tenant_id: int, place_id: int) -> tuple[str, str]:
    """A kind, and the one of it that there is."""
    kind = await insert(owner, "resource_kind", tenant_id=tenant_id, ref="akindffffff", name="Room", what="room")
    values = {"kind_id": kind["id"], "place_id": place_id, "name": "Room 1"}
    thing = await insert(owner, "resource", tenant_id=tenant_id, ref="athingfffff", **values)
    return kind["ref"], thing["ref"]


async def transfers_made(owner: asyncpg.Connection, tenant_id: int) -> list[str]:
    """An import that was tried, with a row refused, and an export to be taken away."""
    settings = {"columns": {"first_name": 0}, "headings": ["Name"], "encoding": "utf-8", "delimiter": ","}
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("import", "upload", {"checked_at": MONDAY, "counts": json.dumps(dict.fromkeys(COUNTED, 1))}),
        ("export", "result", {"finished_at": MONDAY}),
    ]
    refs = []
    for kind, part, more in made:
        told = {"by_email": NORA, "file_name": "clients.csv", "settings": json.dumps(settings | {"day_first": True})}
        values = {"tenant_id": tenant_id, "ref": f"an-{kind}", "kind": kind, "form": "csv", "created_at": MONDAY}
        row = await insert(owner, "transfer", **values, **told, **more)
        for each in {part, "refused" if kind == "import" else part}:
            piece = {"transfer_id": row["id"], "part": each, "number": 0, "bytes": b"Name\nClient\n"}
            await insert(owner, "transfer_chunk", tenant_id=tenant_id, **piece)
        refs.append(row["ref"])
    return refs


async def merge_into(owner: asyncpg.Connection, kept: dict[str, Any]) -> str:
    """Of another record into this one."""
    mine = {"tenant_id": kept["tenant_id"], "created_at": MONDAY}
    gone = await insert(owner, "client_record", ref="gone", merged_into=kept["id"], merged_at=MONDAY, **mine)
    ref: str = await owner.fetchval(
        """INSERT INTO client_merge (tenant_id, ref, kept_id, gone_id, at, by_email, before, became, moved)
           SELECT tenant_id, 'amerge', id, $2, $3, $4,
                  jsonb_build_object('kept', to_jsonb(kept), 'gone', to_jsonb(kept)), to_jsonb(kept), '{}'
           FROM client_record AS kept WHERE id = $1 RETURNING ref""",
        kept["id"],
        gone["id"],
        MONDAY,
        NORA,
    )
    return ref


async def written_about(owner: asyncpg.Connection, client: dict[str, Any]) -> tuple[str, str, str]:
    """A note, a wording, and that the client has agreed to it."""
    at = {"tenant_id": client["tenant_id"]}
    written = at | {"at": MONDAY, "by_email": NORA, "body": "Words."}
    note = await insert(owner, "client_note", **at, ref="anotefffff", client_record_id=client["id"], created_at=MONDAY)
    await insert(owner, "client_note_version", **written, note_id=note["id"])
    wording = await insert(owner, "consent_wording", **at, ref="awordingff", name="Photos", created_at=MONDAY)
    text = await insert(owner, "consent_text", **written, wording_id=wording["id"], version=1)
    consent = await insert(
        owner,
        "consent",
        **at,
        ref="aconsentff",
        client_record_id=client["id"],
        text_id=text["id"],
        given_at=MONDAY,
        how="form",
        by_email=NORA,
    )
    return note["ref"], wording["ref"], consent["ref"]


def token_of(browser: Browser) -> str:
    found: str = re.findall(r'name="_csrf" value="([^"]+)"', browser.page.text)[0]
    return found


async def ask(browser: Browser, method: str, path: str, token: str = "") -> httpx.Response:
    fields = FIELDS | {"_csrf": token} if method != "GET" else None
    return await browser.http.request(method, path, data=fields, follow_redirects=False)


async def invitation_made(owner: asyncpg.Connection, tenant_id: int) -> tuple[str, str]:
    """Of nobody who is about; its ref and its key."""
    row = await insert(
        owner,
        "invitation",
        tenant_id=tenant_id,
        ref="aninvitati",
        key="an-invitation-s-own-ke",
        email="newcomer@example.org",
        role="receptionist",
        by_email=NORA,
        created_at=MONDAY,
        expires_at=MONDAY + timedelta(days=7),
    )
    return row["ref"], row["key"]
