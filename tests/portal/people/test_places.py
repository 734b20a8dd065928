import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.people.places import EDITION, Place, Places, places_file
from portal.settings import Settings
from tests.geoip_file import LYON, MONTREAL, SOMEWHERE_IN_CHILE, TORONTO, write_city_file


@pytest.fixture(scope="module")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_city_file(tmp_path_factory.mktemp("places") / "City.mmdb")


@pytest.fixture
def places(city_file: Path) -> Places:
    return Places.opened(city_file)


@pytest.mark.parametrize(
    ("ip", "language", "place"),
    [
        (TORONTO, "en", Place("Toronto", "Ontario", "Canada")),
        (TORONTO, "es", Place("Toronto", "Ontario", "Canadá")),
        (LYON, "en", Place("Lyons", "Auvergne-Rhone-Alpes", "France")),
        (LYON, "fr", Place("Lyon", "Auvergne-Rhône-Alpes", "France")),
        (SOMEWHERE_IN_CHILE, "fr", Place("", "", "Chile")),
        (MONTREAL, "fr", Place("Montréal", "", "Canada")),
        (f"::ffff:{TORONTO}", "en", Place("Toronto", "Ontario", "Canada")),
    ],
)
def test_place_is_told_in_the_readers_language_or_in_english(
    places: Places, ip: str, language: str, place: Place
) -> None:
    assert places.find(ip, language) == place


@pytest.mark.parametrize(
    "ip", ["192.0.2.130", "127.0.0.1", "10.1.2.3", "::1", "fe80::1", "fe80::1%eth0", "unknown", ""]
)
def test_nowhere_is_no_place(places: Places, ip: str) -> None:
    assert places.find(ip, "en") is None


@pytest.mark.parametrize(
    ("ip", "country"),
    [
        (TORONTO, "CA"),
        (LYON, "FR"),
        (f"::ffff:{TORONTO}", "CA"),
        ("192.0.2.130", ""),
        ("192.0.2.1", ""),
        ("10.1.2.3", ""),
        ("unknown", ""),
    ],
)
def test_country_is_known_by_its_letters(places: Places, ip: str, country: str) -> None:
    assert (places.country(ip), Places(None).country(ip)) == (country, "")


def test_line_of_a_place_names_nothing_twice() -> None:
    assert [Place("Luxembourg", "Luxembourg", "Luxembourg").line, Place("", "Ontario", "Canada").line] == [
        "Luxembourg",
        "Ontario, Canada",
    ]


def test_day_of_the_data_is_read_from_the_file(places: Places) -> None:
    assert places.day == datetime.now(UTC).date()


def test_file_without_ipv6_knows_no_place_there(tmp_path: Path) -> None:
    places = Places.opened(write_city_file(tmp_path / "City.mmdb", ip_version=4))

    assert (places.find(TORONTO, "en") is None, places.find(MONTREAL, "en")) == (False, None)


def damaged(city_file: Path) -> bytes:
    """Its metadata, which stand at the end, are whole; what they describe is not."""
    content = bytearray(city_file.read_bytes())
    start = content.index(b"\xab\xcd\xefMaxMind.com")
    content[200:start] = b"\xff" * (start - 200)
    return bytes(content)


def test_damaged_file_is_no_error(city_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "City.mmdb"
    file.write_bytes(damaged(city_file))

    places = Places.opened(file)

    assert [places.find(ip, "en") for ip in (TORONTO, LYON, MONTREAL, "10.0.0.1")] == [None] * 4


@pytest.mark.parametrize("kind", ["text", "cut", "country", "missing", "none"])
def test_file_that_cannot_be_used_is_told_once_at_the_start(
    city_file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    file = tmp_path / "City.mmdb"
    if kind == "text":
        file.write_text("no places", encoding="utf-8")
    elif kind == "cut":
        file.write_bytes(city_file.read_bytes()[:-60])
    elif kind == "country":
        write_city_file(file, "GeoLite2-Country")

    with caplog.at_level(logging.WARNING):
        places = Places.opened(None if kind == "none" else file)
        found = [places.find(TORONTO, "en"), places.find(LYON, "fr"), places.day]

    assert found == [None] * 3
    assert [record.message.partition(":")[0] for record in caplog.records] == ["connections are shown without a place"]


def test_file_that_is_set_wins_over_the_one_that_was_fetched(city_file: Path, tmp_path: Path) -> None:
    fetched = tmp_path / "geoip" / f"{EDITION}.mmdb"
    fetched.parent.mkdir()
    write_city_file(fetched)

    assert places_file(Settings(data_dir=tmp_path)) == fetched
    assert places_file(Settings(data_dir=tmp_path, geoip_path=city_file)) == city_file
