"""The demo: the cast of the tests with a believable fortnight around today."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from piccolo.querystring import QueryString

from portal.operations.demo_messages import tell_history
from portal.people.tables import Address, Person
from tenants.answers.tables import ClientReply
from tenants.appointments.tables import Appointment
from tenants.booking.tables import BookingPolicy
from tenants.clients.tables import ClientRecord
from tenants.hours.tables import OpeningHours
from tenants.places.tables import Place
from tenants.practices.tables import Practice
from tenants.practitioners.tables import Practitioner
from tenants.refs import new_key
from tenants.scope import OwnedByTenant
from tenants.services.tables import Service, ServicePlace, ServicePractitioner
from tenants.team.tables import Membership

ANA, ANA_AT_MEADOW = "ana@example.org", "ana.silva@example.com"
BEN, CLEO = "ben@example.org", "cleo@example.org"
A_YEAR = timedelta(days=365)
WEEKDAYS, TUESDAY_TO_SATURDAY = range(5), range(1, 6)


async def load_demo(now: datetime) -> None:
    """Into an empty database, as its owner: no lens may found a practice."""
    for first, last, emails in (
        ("Ana", "Silva", (ANA, ANA_AT_MEADOW)),
        ("Ben", "Okafor", (BEN,)),
        ("Cleo", "Laurent", (CLEO,)),
        ("Nora", "Blake", ("nora@harbour.example",)),
        ("Theo", "Roy", ("theo@harbour.example",)),
        ("Lea", "Martin", ("lea@meadow.example",)),
    ):
        await _person(first, last, emails, now)
    await _harbour(now)
    await _meadow(now)


async def _person(first: str, last: str, emails: tuple[str, ...], now: datetime) -> None:
    person = await _insert(Person(first_name=first, last_name=last, created_at=now))
    for email in emails:
        await _insert(Address(person_id=person, email=email, verified_at=now))


async def _harbour(now: datetime) -> None:
    harbour = await _found(
        now,
        slug="harbour",
        name="Harbour Physiotherapy",
        about="Physiotherapy by the water: backs, knees and shoulders, with time to explain.",
        zone="America/Toronto",
        languages=["en", "fr"],
        accent="#0f5c6e",
        currency="CAD",
        country="CA",
        city="Toronto",
        email="hello@harbour.example",
        phone="+1 416 555 0132",
    )
    await harbour.place("Harbour House", "12 Quay Street", "M5J 2N8", "Toronto")
    await harbour.practitioner("Nora Blake", "Physiotherapist", "nora@harbour.example", "admin", WEEKDAYS, (9, 17))
    await harbour.practitioner("Theo Roy", "Physiotherapist", "theo@harbour.example", "professional", range(4), (8, 16))
    quarter = timedelta(minutes=15)
    about = "An hour to listen, examine and plan."
    await harbour.service("First visit", about, 60, price=13500, buffer_after=quarter)
    await harbour.service("Follow-up", "Treatment and exercises.", 30, price=8500)
    await harbour.service("Knee check", "For runners, before the season.", 45, price=9900, buffer_after=quarter)
    ana = await harbour.client(ANA, "Ana", "Silva", "+14165550101")
    ben = await harbour.client(BEN, "Ben", "Okafor", "+14165550102")
    await harbour.visit(ana, "First visit", "Nora Blake", -6, time(10), confirmed=True)
    await harbour.visit(ana, "Follow-up", "Nora Blake", 2, time(9, 30))
    await harbour.visit(ana, "Follow-up", "Nora Blake", 9, time(9, 30))
    await harbour.visit(ben, "First visit", "Theo Roy", -4, time(14))
    await harbour.visit(ben, "Follow-up", "Theo Roy", 1, time(11))
    await harbour.visit(ben, "Knee check", "Nora Blake", 1, time(14))
    await harbour.visit(ben, "Follow-up", "Theo Roy", 5, time(11))
    await tell_history(harbour.id, harbour.zone, now, sms_on=True)
    await harbour.answer(ben, "Is there somewhere to leave a bicycle?")


async def _meadow(now: datetime) -> None:
    meadow = await _found(
        now,
        slug="meadow",
        name="Meadow Massage",
        about="Massages lents, mains expertes, au calme d’une cour lyonnaise.",
        zone="Europe/Paris",
        languages=["fr", "en"],
        accent="#7a3e6d",
        currency="EUR",
        country="FR",
        city="Lyon",
        email="bonjour@meadow.example",
        phone="+33 4 65 71 00 12",
    )
    await meadow.place("Studio", "3 rue des Prés", "69001", "Lyon")
    await meadow.practitioner(
        "Lea Martin", "Massage therapist", "lea@meadow.example", "admin", TUESDAY_TO_SATURDAY, (10, 18)
    )
    after = timedelta(minutes=15)
    await meadow.service("Massage", "Une heure, tout le corps.", 60, price=7500, buffer_after=after)
    await meadow.service("Dos et nuque", "Une demi-heure ciblée.", 30, price=4500, buffer_after=after)
    ana = await meadow.client(ANA_AT_MEADOW, "Ana", "Silva")
    await meadow.visit(ana, "Massage", "Lea Martin", -9, time(16))
    await meadow.visit(ana, "Massage", "Lea Martin", 4, time(16))
    await tell_history(meadow.id, meadow.zone, now, sms_on=False)


@dataclass
class _Founded:
    """A practice being furnished; rows by the names that the functions above call them."""

    id: int
    now: datetime
    zone: ZoneInfo
    ids: dict[str, int] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    days: dict[str, range] = field(default_factory=dict)

    async def place(self, name: str, street: str, postcode: str, city: str) -> None:
        self.ids["place"] = await self._add(Place(name=name, street=street, postcode=postcode, city=city))

    async def practitioner(
        self, name: str, title: str, email: str, role: str, weekdays: range, hours: tuple[int, int]
    ) -> None:
        who = await self._add(Practitioner(name=name, title=title))
        self.ids[name], self.days[name] = who, weekdays
        await self._add(Membership(email=email, role=role, practitioner_id=who))
        opens, closes = hours
        for weekday in weekdays:
            for begins, ends in ((opens * 60, 12 * 60 + 30), (13 * 60 + 30, closes * 60)):
                row = OpeningHours(practitioner_id=who, place_id=self.ids["place"], weekday=weekday)
                row.opens, row.closes = begins, ends
                await self._add(row)

    async def service(self, name: str, about: str, minutes: int, **more: Any) -> None:
        service = Service(name=name, about=about, duration=timedelta(minutes=minutes), **more)
        service.position = len(self.services)
        self.services[name] = service
        service.id = await self._add(service)
        await self._add(ServicePlace(service_id=service.id, place_id=self.ids["place"]))
        for who in self.days:
            await self._add(ServicePractitioner(service_id=service.id, practitioner_id=self.ids[who]))

    async def client(self, email: str, first: str, last: str, phone: str = "") -> int:
        record = ClientRecord(email=email, first_name=first, last_name=last, phone=phone, created_at=self.now)
        return await self._add(record)

    async def answer(self, client: int, body: str) -> None:
        """By SMS, an hour ago."""
        await self._add(ClientReply(client_record_id=client, at=self.now - timedelta(hours=1), body=body))

    async def visit(self, client: int, service: str, who: str, days: int, at: time, *, confirmed: bool = False) -> None:
        """About `days` from today, on the next day on which they work; confirmed three days after it was booked."""
        day = self.now.astimezone(self.zone).date() + timedelta(days=days)
        while day.weekday() not in self.days[who]:
            day += timedelta(days=1)
        appointment = self._appointment(client, self.services[service], self.ids[who], day, at)
        if confirmed:
            appointment.confirmed_at, appointment.confirmed_by = appointment.booked_at + timedelta(days=3), "client"
        await self._add(appointment)

    def _appointment(self, client: int, service: Service, who: int, day: date, at: time) -> Appointment:
        starts_at = datetime.combine(day, at, self.zone).astimezone(UTC)
        ends_at = starts_at + service.duration
        return Appointment(
            client_record_id=client,
            practitioner_id=who,
            service_id=service.id,
            place_id=self.ids["place"],
            starts_at=starts_at,
            ends_at=ends_at,
            blocked_from=starts_at - service.buffer_before,
            blocked_until=ends_at + service.buffer_after,
            booking_key=new_key(),
            booked_at=self.now - timedelta(days=14),
            booked_by="client",
        )

    async def _add(self, row: OwnedByTenant) -> int:
        row.tenant_id = self.id
        return await _insert(row)


async def _found(now: datetime, **sign: Any) -> _Founded:
    practice = Practice(
        created_at=now - A_YEAR, published_at=now - A_YEAR, **sign
    )  # its reminders are as old, and so hold for every visit
    practice.plan_version = QueryString("DEFAULT")  # type: ignore[assignment]  # counted from its own making
    made = await _insert(practice)
    await _insert(BookingPolicy(tenant_id=made))
    return _Founded(made, now, ZoneInfo(sign["zone"]))


async def _insert(row: Any) -> int:
    if isinstance(row, Appointment):
        row.pending = QueryString("DEFAULT")  # type: ignore[assignment]  # the database's own to say
    return int((await type(row).insert(row))[0]["id"])
