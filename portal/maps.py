from functools import lru_cache
from urllib.parse import urlencode


@lru_cache(maxsize=1024)
def map_link(street: str, postcode: str, city: str) -> str:
    """A search for the address, so that no practice has to know its coordinates; empty where there is no address."""
    where = ", ".join(part for part in (street, postcode, city) if part)
    return f"https://www.openstreetmap.org/search?{urlencode({'query': where})}" if where else ""
