import hmac
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from litestar.connection import ASGIConnection

_IPV4 = 4
Networks = tuple[IPv4Network | IPv6Network, ...]


def client_ip(connection: ASGIConnection, trusted: Networks) -> str:  # type: ignore[type-arg]
    """The peer's address or, behind trusted proxies, the right-most hop of X-Forwarded-For that is not one of them.

    What stands further left was sent by that hop itself and proves nothing.
    """
    hop = connection.client.host if connection.client else ""
    forwarded = ",".join(connection.headers.getall("x-forwarded-for", []))
    hops = [each.strip() for each in forwarded.split(",") if each.strip()]
    while hops and _is_trusted(hop, trusted):
        hop = hops.pop()
    return hop if _is_address(hop) else "unknown"


@lru_cache(maxsize=1024)
def network_key(secret_key: str, ip: str) -> str:
    """Tells one network from another without being its address; of IPv6 a customer has all of a /64."""
    try:
        address = ip_address(ip)
    except ValueError:
        return ""
    network = address if address.version == _IPV4 else IPv6Network((address, 64), strict=False)
    return hmac.new(secret_key.encode(), f"network\n{network}".encode(), "sha256").hexdigest()[:16]


def _is_trusted(hop: str, trusted: Networks) -> bool:
    return _is_address(hop) and any(ip_address(hop) in network for network in trusted)


def _is_address(hop: str) -> bool:
    try:
        ip_address(hop)
    except ValueError:
        return False
    return True
