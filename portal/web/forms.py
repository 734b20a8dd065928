"""From what a form's sender typed to values, with words beside each field that cannot be used."""

import hmac
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.exceptions import ClientException, PermissionDeniedException

from portal.languages.phones import read_phone
from portal.languages.words import Words
from portal.web.viewer import Viewer
from tenants.clients.email import LONGEST, normal

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_FIELDS_AT_MOST = 100
_LONGEST_PHONE = 40
_OLDEST = 130  # years
FIRST_YEAR, LAST_YEAR = 2000, 2199


class Form(dict[str, Any]):
    """The typed texts by field, as the page shows them again; `errors` are words by field.

    Each reader gives the value and notes an error instead of raising, so that one answer tells of all fields.
    """

    def __init__(self, words: Words, typed: Iterable[tuple[str, Any]] = ()) -> None:
        self._pairs = list(typed)
        super().__init__(self._pairs)
        self.errors: dict[str, str] = {}
        self.words = words

    def __missing__(self, name: str) -> str:
        """A field that was not sent is empty; without this a template would find the reader of the same name."""
        return ""

    @property
    def ok(self) -> bool:
        return not self.errors

    def text(self, name: str, longest: int, *, required: bool = True, lines: bool = False) -> str:
        """Trimmed. `lines` lets it have several."""
        value = str(self.get(name, "")).replace("\r\n", "\n").strip()
        self[name] = value
        if _CONTROL.search(value) or ("\n" in value and not lines):
            self._wrong(name, self.words.gettext("This holds a sign that cannot be kept. Please type it again."))
        elif len(value) > longest:
            self._wrong(name, self.too_long(longest))
        elif required and not value:
            self._wrong(name, self.words.gettext("Please fill this in."))
        else:
            return value
        return ""

    def email(self, name: str, *, required: bool = True) -> str:
        """In the one form in which addresses are kept and compared."""
        value = self.text(name, LONGEST, required=required)
        if not value:
            return ""
        try:
            return normal(value)
        except ValueError:
            self._wrong(name, self.words.gettext("This is not an e-mail address. It looks like name@example.org."))
            return ""

    def phone(self, name: str, countries: Iterable[str], *, required: bool = False) -> str:
        """As E.164; without a leading + it is read as in the first of these countries where it is a number."""
        value = self.text(name, _LONGEST_PHONE, required=required)
        if not value:
            return ""
        try:
            return read_phone(value, countries)
        except ValueError:
            self._wrong(
                name,
                self.words.gettext("This is not a phone number. From another country it begins with +, like +33."),
            )
            return ""

    def whole(self, name: str, least: int, most: int, *, required: bool = True) -> int | None:
        value = self.text(name, 12, required=required)
        if not value:
            return None
        if re.fullmatch(r"-?[0-9]+", value) and least <= int(value) <= most:
            return int(value)
        self._wrong(
            name,
            self.words.gettext("Please type a whole number from %(least)s to %(most)s.", least=least, most=most),
        )
        return None

    def day(self, name: str, *, required: bool = True) -> date | None:
        value = self.text(name, 10, required=required)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.max
        if is_in_reach(day):
            return day
        self._wrong(name, self.words.gettext("There is no such day."))
        return None

    def birthday(self, name: str, today: date) -> date | None:
        """Of somebody who may be alive; None when it is left empty."""
        value = self.text(name, 10, required=False)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.max
        if today.year - _OLDEST <= day.year and day <= today:
            return day
        self._wrong(name, self.words.gettext("This is no birthday of anybody alive. It looks like 1985-04-30."))
        return None

    def wall_time(self, name: str, *, required: bool = True) -> int | None:
        """Minutes after midnight, 24:00 being 1440."""
        value = self.text(name, 5, required=required)
        if not value:
            return None
        match = re.fullmatch(r"([01]?[0-9]|2[0-4]):([0-5][0-9])", value)
        minutes = int(match[1]) * 60 + int(match[2]) if match else -1
        if 0 <= minutes <= 1440:  # noqa: PLR2004 - a day
            return minutes
        self._wrong(name, self.words.gettext("Please type a time like 09:30."))
        return None

    def one_of(self, name: str, values: set[str], *, required: bool = True) -> str:
        value = self.text(name, 200, required=required)
        if value and value not in values:
            self._wrong(name, self.words.gettext("Please choose one of these."))
            return ""
        return value

    def many(self, name: str) -> list[str]:
        """All values of ticked boxes."""
        return [value for each, value in self._pairs if each == name]

    def refuse(self, name: str, words: str) -> None:
        """For what only a rule could find."""
        self._wrong(name, words)

    def too_long(self, longest: int) -> str:
        return self.words.gettext("This is too long: %(n)s characters at most.", n=longest)

    def _wrong(self, name: str, words: str) -> None:
        self.errors.setdefault(name, words)


async def read_form(request: Request[Any, Any, Any], viewer: Viewer, most: int = _FIELDS_AT_MOST) -> Form:
    """The form of this request, once its token has shown that one of our own pages sent it.

    `most` fields, for a form that grows with what a practice has.
    Raises PermissionDeniedException for a token that is not this browser's, ClientException for what is no form.
    """
    if request.content_type[0] not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        raise ClientException("a form was expected")
    try:
        data = await request.form()
    except (UnicodeDecodeError, LookupError) as error:
        raise ClientException("a text that is none") from error
    if len(data) > most:
        raise ClientException("too many fields")
    typed = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
    token = request.headers.get("x-csrf-token") or dict(typed).get("_csrf", "")
    if not hmac.compare_digest(token.encode(), viewer.csrf.encode()):
        raise PermissionDeniedException
    return Form(viewer.words, typed)


def is_in_reach(day: date) -> bool:
    """Whether arithmetic on the day can be trusted: clocks and calendars end somewhere, typing mistakes do not."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def read_moment(typed: str) -> datetime | None:
    """An instant as times on our pages carry it: ISO 8601 with an offset, in whole minutes."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        return None
    if moment.tzinfo is None or not is_in_reach(moment.date()) or moment.second or moment.microsecond:
        return None
    return moment


def read_day(typed: str | None, zone: ZoneInfo, now: datetime) -> date:
    """The day that an address asks for; today for one that does not exist, like 2027-02-30."""
    today = now.astimezone(zone).date()
    try:
        wanted = date.fromisoformat(typed) if typed else today
    except ValueError:
        return today
    furthest = today + timedelta(days=800)
    return wanted if is_in_reach(wanted) and wanted <= furthest else today


def wall_words(minutes: int) -> time:
    """Minutes after midnight as a time that `Formats` can say; 24:00 is said as 00:00."""
    return time(minutes // 60 % 24, minutes % 60)
