"""What real doors of the desk leave in the log, and how its page tells it."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import asyncpg

from portal.database import Acting, desk_lens
from tenants.merge.merge import look_at_two, merge_records
from tenants.scope import fetch
from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, LEA, MONDAY, NORA, THEO, Cast
from tests.factories import insert
from tests.portal.staff.asking import ask, undo
from tests.portal.staff.forms import POLICY, SERVICE, add_hours, close, place, seen_in, who

AUDIT = "/desk/harbour/audit"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"


async def log(owner: asyncpg.Connection) -> list[tuple[str, str, list[str]]]:
    rows = await owner.fetch("SELECT what, did, fields FROM audit_entry ORDER BY id")
    return [(row["what"], row["did"], row["fields"]) for row in rows]


def told(browser: Browser) -> list[str]:
    """The sentences of the page."""
    found = re.findall(r'<div class="act-what">(.*?)<p class="quiet small">', browser.text, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", line).strip() for group in found for line in re.findall(r"<p>(.*?)</p>", group)]


async def price_changed(nora: Browser, cast: Cast, **more: Any) -> None:
    service = cast.harbour.services["First visit"]
    page = f"/desk/harbour/services/{service['ref']}"
    await nora.get(page)
    shown = dict(re.findall(r'<input id="field-(\w+)" name="\w+"[^>]*value="([^"]*)"', nora.text))
    both = [who(cast, "Nora Blake"), who(cast, "Theo Roy")]
    sent: dict[str, Any] = shown | {
        "step": "15",
        "about": "",
        "capacity": "1",
        "booked_by": "online",
        "seen": seen_in(nora),
        "practitioners": both,
    }
    await nora.post(page, **sent | {"price": "95.50", "places": place(cast), **more})


async def appointment_of(cast: Cast, email: str = BEN, hour: int = 10) -> str:
    row = await cast.harbour.appointment(email, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, hour))
    return f"/desk/harbour/appointments/{row['ref']}"


async def test_service_changed_is_told_with_what_it_was_and_is(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    nora.http.headers["user-agent"] = CHROME

    await price_changed(nora, cast)
    await nora.get(AUDIT)

    row = await owner.fetchrow("SELECT * FROM audit_entry")
    assert (row["what"], row["did"], row["fields"], row["subject"]) == ("service", "changed", ["price"], "First visit")
    assert (json.loads(row["before"]), json.loads(row["after"])) == ({"price": 12000}, {"price": 9550})
    assert (row["at"], row["by_email"], row["ip"]) == (MONDAY, NORA, "127.0.0.1")
    [line] = told(nora)
    assert line.replace("\xa0", " ") == "Nora Blake changed the service First visit: price $120.00 → $95.50"
    assert f"{NORA} · 127.0.0.1 · Computer, Linux, Chrome 126" in nora.text
    assert "Monday, November 23, 2026 at 8:00" in nora.text


async def test_appointment_moved_names_fields_and_no_client(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await appointment_of(cast)

    await ask(nora, f"{page}/placement", start="2026-11-24T14:00:00-05:00", end="2026-11-24T15:00:00-05:00")
    await nora.get(AUDIT)

    row = await owner.fetchrow("SELECT * FROM audit_entry")
    fields = ["blocked_from", "blocked_until", "ends_at", "moved_at", "starts_at"]
    assert (row["what"], row["did"], row["fields"]) == ("appointment", "changed", fields)
    assert (row["before"], row["after"], row["subject"]) == (None, None, "")
    assert "Okafor" not in str(dict(row))
    assert told(nora) == ["Nora Blake moved an appointment"]
    assert (f'href="{page}"' in nora.text, "Okafor" in nora.text) == (True, False)


async def test_cancelled_and_restored_are_told_apart(theo: Browser, nora: Browser, cast: Cast) -> None:
    page = await appointment_of(cast)

    gone = await ask(theo, f"{page}/cancellation", reason="")
    await undo(theo, gone)
    await nora.get(AUDIT)

    assert told(nora) == ["Theo Roy cancelled an appointment", "Theo Roy restored a cancelled appointment"]


async def test_record_made_is_told_without_whose(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/clients/new")

    await nora.post(nora.path, first_name="Cleo", last_name="Laurent", email="cleo@example.org")
    await nora.get(AUDIT)

    assert await log(owner) == [("client_record", "added", [])]
    assert told(nora) == ["Nora Blake made a client’s record"]
    record = await owner.fetchval("SELECT ref FROM client_record WHERE first_name = 'Cleo'")
    assert (f"/desk/harbour/clients/{record}" in nora.text, "Laurent" in nora.text) == (True, False)


async def test_member_changed_is_told_by_name(
    nora: Browser, theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await theo.get("/desk/harbour/reminders/told")
    await theo.post(theo.path, tell="all")

    await nora.get(AUDIT)

    assert await log(owner) == [("membership", "changed", ["tell"])]
    [line] = told(nora)
    became = "what clients and colleagues change → every change, your own too"
    assert line == f"Theo Roy changed the team member Theo Roy: is told of changes {became}"


async def test_refused_change_leaves_no_line(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await appointment_of(cast)
    await appointment_of(cast, ANA, 14)

    answer = await ask(nora, f"{page}/placement", start="2026-11-24T14:00:00-05:00", end="2026-11-24T15:00:00-05:00")
    await price_changed(nora, cast, seen="another")

    assert (answer.status_code, nora.page.status_code) == (409, 409)
    assert await log(owner) == []


async def test_change_rolled_back_leaves_no_line(cast: Cast, pool: None, owner: asyncpg.Connection) -> None:
    acting = Acting(NORA, "", "", MONDAY)
    try:
        async with desk_lens(cast.harbour.tenant, acting):
            await fetch("UPDATE service SET price = 1")
            raise LookupError  # noqa: TRY301 - as anything that breaks after a change
    except LookupError:
        pass

    assert await log(owner) == []


async def test_client_s_own_change_leaves_no_line(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = (await appointment_of(cast)).replace("/desk/harbour", "")
    await browser.sign_in(BEN, owner)
    await browser.get(f"{page}/cancellation")

    await browser.post(browser.path)

    assert await owner.fetchval("SELECT cancelled_by FROM appointment") == "client"
    assert await log(owner) == []


async def test_lines_of_one_save_stand_together(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]
    await nora.get(f"/desk/harbour/services/{service['ref']}")
    await nora.post(nora.path, **SERVICE, seen=seen_in(nora), practitioners=who(cast, "Theo Roy"), places=place(cast))
    clock.now += timedelta(minutes=1)
    await close(nora, from_time="12:00", until_time="13:30")

    await nora.get(AUDIT)

    assert nora.text.count('<li class="act">') == 2
    assert told(nora) == [
        "Nora Blake added a closure of the whole practice",
        "Nora Blake changed the service Shockwave",
        "Nora Blake noted that Nora Blake no longer gives the service Shockwave",
    ]
    assert {"name: Follow-up → Shockwave", "length: 30 minutes → 20 minutes", "time after: 0 minutes → 10 minutes"} <= {
        each.replace("\xa0", " ") for each in re.findall(r"<li>([^<]+)</li>", nora.text)
    }


async def test_many_alike_are_told_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    for hour in (9, 10, 11, 12):
        await appointment_of(cast, hour=hour)
    async with desk_lens(cast.harbour.tenant, Acting(THEO, "203.0.113.5", "", MONDAY)):
        await fetch("UPDATE appointment SET cancelled_at = $1, cancelled_by = 'staff'", MONDAY)

    await nora.get(AUDIT)

    assert "(4 times)" in nora.text
    assert nora.text.count('<li class="act">') == 1
    assert len(re.findall(r'href="/desk/harbour/appointments/\w{10}"', nora.text)) == 4


async def test_hours_are_said_as_times(nora: Browser, cast: Cast) -> None:
    await add_hours(nora, cast, "Theo Roy")

    await nora.get(AUDIT)

    assert told(nora) == ["Nora Blake added opening hours of Theo Roy"]
    details = [each.replace("\u202f", " ") for each in re.findall(r"<li>([^<]+)</li>", nora.text)]
    assert details == ["place: Harbour House", "weekday: Saturday", "opens: 9:00 a.m.", "closes: 12:00 p.m."]


async def test_rules_are_said_as_lengths(nora: Browser, cast: Cast) -> None:
    await nora.get("/desk/harbour/policy")
    await nora.post(nora.path, **POLICY, seen=seen_in(nora))

    await nora.get(AUDIT)

    said = nora.text.replace("\xa0", " ")
    for line in (
        "shortest notice: 2 hours → 3 days",
        "furthest ahead: 90 days → 60 days",
        "cancelling until: 24 hours → 2 days",
        "appointments a day: nothing → 2",
    ):
        assert line in said, line


async def test_erased_client_s_lines_hold_nothing_personal(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    page = f"/desk/harbour/clients/{cast.harbour.records[BEN]['ref']}"
    await nora.get(page)
    await nora.post(f"{page}/tags", tag="sports")
    clock.now += timedelta(days=1)
    await nora.get(f"{page}/erasure")
    await nora.post(f"{page}/erasure", sure="yes")

    await nora.get(AUDIT)

    rows = str([dict(row) for row in await owner.fetch("SELECT * FROM audit_entry")])
    assert len(told(nora)) >= 3
    assert [word for word in ("Okafor", "sports", BEN) if word in rows + nora.text] == []
    assert page not in nora.text


async def test_merged_client_s_lines_hold_nothing_personal_and_lead_to_who_is_kept(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    kept, gone = harbour.records[BEN], await harbour.record("ben.twin@example.org", "Benno", "Okaford")
    await harbour.appointment("ben.twin@example.org", "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10))
    await nora.get(f"/desk/harbour/clients/{gone['ref']}")
    await nora.post(f"/desk/harbour/clients/{gone['ref']}/tags", tag="sports")
    async with desk_lens(harbour.tenant, Acting(NORA, "", "", MONDAY)):
        seen = (await look_at_two(harbour.tenant, kept["ref"], gone["ref"])).seen
        refs = (kept["ref"], gone["ref"])
        chosen = {"first_name": "kept", "last_name": "kept", "reach": "kept"}
        await merge_records(harbour.tenant, refs, chosen, seen, NORA, MONDAY)

    await nora.get(f"{AUDIT}?about={kept['ref']}")

    rows = str([dict(row) for row in await owner.fetch("SELECT * FROM audit_entry")])
    personal = ("Benno", "Okafor", "sports", "ben.twin@example.org", BEN)
    assert [word for word in personal if word in rows + nora.text] == []
    assert "Nora Blake merged a record into another" in told(nora)
    assert f'/desk/harbour/clients/{gone["ref"]}"' not in nora.text


async def test_lines_are_chosen_by_who_what_day_and_thing(
    nora: Browser, theo: Browser, cast: Cast, clock: TestClock
) -> None:
    page = await appointment_of(cast)
    await price_changed(nora, cast)
    clock.now += timedelta(days=1)
    await ask(theo, f"{page}/cancellation", reason="")
    record = cast.harbour.records[BEN]["ref"]

    found = {}
    for asked in (
        f"by={THEO}",
        "what=offer",
        "from=2026-11-24",
        "until=2026-11-23",
        f"about={page.rsplit('/', 1)[1]}",
        f"about={record}",
        f"about={cast.harbour.records[ANA]['ref']}",
        "from=nonsense&after=nonsense&what=nonsense",
    ):
        await nora.get(f"{AUDIT}?{asked}")
        found[asked.replace(page.rsplit("/", 1)[1], "REF").replace(record, "BEN")] = [
            line.split(" ")[2] for line in told(nora)
        ]

    assert list(found.values()) == [
        ["cancelled"],
        ["changed"],
        ["cancelled"],
        ["changed"],
        ["cancelled"],
        ["cancelled"],
        [],
        ["cancelled", "changed"],
    ]


async def test_pages_turn_without_a_line_lost_or_told_twice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    for number in range(120):
        await line_made(owner, cast, MONDAY - timedelta(minutes=number), f"Service {number}")

    shown, address = [], AUDIT
    while address:
        await nora.get(address)
        shown += told(nora)
        following = re.search(r'rel="next" href="([^"]+)"', nora.text)
        address = following[1] if following else ""

    assert shown == [f"Nora Blake removed the service Service {number}" for number in range(120)]


async def test_save_is_not_cut_by_the_page_s_end(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    for number in range(60):
        await line_made(owner, cast, MONDAY, f"Service {number}")
    await line_made(owner, cast, MONDAY - timedelta(minutes=1), "Before")

    await nora.get(AUDIT)
    first = len(told(nora))
    await nora.get(re.findall(r'rel="next" href="([^"]+)"', nora.text)[0])

    assert (first, told(nora)) == (60, ["Nora Blake removed the service Before"])


async def line_made(owner: asyncpg.Connection, cast: Cast, at: Any, name: str, **more: Any) -> None:
    facts = {"by_email": NORA, "ip": "203.0.113.5", "browser": CHROME, "what": "service", "did": "removed"}
    about = {"subject_id": 1, "subject": name, "before": "{}", "after": None, **more}
    await insert(owner, "audit_entry", tenant_id=cast.harbour.tenant.id, at=at, **facts, **about)


async def test_file_holds_what_the_page_would_show_and_no_formula(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    for number in range(600):
        await line_made(owner, cast, MONDAY - timedelta(minutes=number), "=1+1", subject_ref="+ref")
    await line_made(owner, cast, MONDAY - timedelta(days=2), "Old one")

    answer = await nora.get(f"{AUDIT}/export?from=2026-11-22")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    raw = (await nora.get(f"{AUDIT}/export?form=json&by={NORA}")).json()

    assert (len(rows), rows[0][:3]) == (601, ["When", "Who", "What was done"])
    assert rows[1][:5] == [
        "2026-11-23T08:00:00-05:00",
        NORA,
        "Nora Blake removed the service =1+1",
        "",
        "'+ref",
    ]
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert (raw["practice"], len(raw["lines"])) == ("Harbour Physiotherapy", 601)
    assert (raw["lines"][-1]["subject"], raw["lines"][0]["at"]) == ("Old one", "2026-11-23T13:00:00+00:00")
    assert raw["lines"][0]["ip"] == "203.0.113.5"


async def test_nobody_else_reads_it(
    theo: Browser, nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await line_made(owner, cast, MONDAY, "Harbour’s")
    meadow = cast.meadow.tenant.id
    facts = {"by_email": LEA, "ip": "", "browser": "", "what": "service", "did": "removed", "subject_id": 1}
    await insert(owner, "audit_entry", tenant_id=meadow, at=MONDAY, subject="Meadow’s", **facts)

    statuses = [(await theo.get(address)).status_code for address in (AUDIT, f"{AUDIT}/export")]
    await nora.get(AUDIT)

    assert statuses == [404, 404]
    assert ("Harbour’s" in nora.text, "Meadow’s" in nora.text) == (True, False)


async def test_empty_log_teaches(nora: Browser) -> None:
    await nora.get(AUDIT)
    teaches = "Nothing was changed at this desk yet" in nora.text
    await nora.get(f"{AUDIT}?what=team")

    assert (teaches, "No line is like that" in nora.text) == (True, True)
