"""A City file of MaxMind's kind, written by the test: two towns, one country without a town, one town of IPv6."""

from pathlib import Path
from typing import Any

import mmdb_writer
from netaddr import IPSet

TORONTO, LYON, SOMEWHERE_IN_CHILE, MONTREAL = "203.0.113.7", "198.51.100.9", "192.0.2.200", "2001:db8::5"

RECORDS: dict[str, dict[str, Any]] = {
    "203.0.113.0/24": {
        "city": {"names": {"en": "Toronto"}},
        "subdivisions": [{"iso_code": "ON", "names": {"en": "Ontario", "fr": "Ontario"}}],
        "country": {"iso_code": "CA", "names": {"en": "Canada", "fr": "Canada", "es": "Canadá"}},
    },
    "198.51.100.0/24": {
        "city": {"names": {"en": "Lyons", "fr": "Lyon", "es": "Lyon"}},
        "subdivisions": [
            {"iso_code": "ARA", "names": {"en": "Auvergne-Rhone-Alpes", "fr": "Auvergne-Rhône-Alpes"}},
            {"iso_code": "69", "names": {"en": "Rhone"}},
        ],
        "country": {"iso_code": "FR", "names": {"en": "France", "fr": "France", "es": "Francia"}},
    },
    "192.0.2.192/26": {"country": {"iso_code": "CL", "names": {"en": "Chile"}}},
    "192.0.2.128/26": {"location": {"latitude": 1.5, "longitude": 2.5}},
    "2001:db8::/32": {
        "city": {"names": {"en": "Montreal", "fr": "Montréal"}},
        "country": {"iso_code": "CA", "names": {"en": "Canada"}},
    },
}


def write_city_file(path: Path, kind: str = "GeoLite2-City", ip_version: int = 6) -> Path:
    writer = mmdb_writer.MMDBWriter(
        ip_version=ip_version, ipv4_compatible=ip_version == 6, database_type=kind, languages=["en", "fr", "es"]
    )
    for network, record in RECORDS.items():
        if ip_version == 6 or ":" not in network:
            writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    return path
