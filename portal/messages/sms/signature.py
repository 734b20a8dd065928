"""Whether it is Twilio that speaks: it signs the address and the fields of each request with the account's token."""

from urllib.parse import parse_qsl

from litestar.exceptions import NotFoundException, PermissionDeniedException
from twilio.request_validator import RequestValidator

from portal.settings import Settings
from portal.web.given import AnyRequest

_MOST_FIELDS = 200


async def signed_fields(request: AnyRequest, settings: Settings) -> dict[str, str]:
    """Raises NotFoundException where nobody could sign, PermissionDeniedException when the signature is another's.

    The address is the one that this installation is known by, since whoever forges a request also writes its Host.
    """
    if not settings.hears_twilio:
        raise NotFoundException
    fields = _fields(await request.body())
    query = request.scope["query_string"].decode("latin-1")
    url = settings.public_url + request.scope["path"] + (f"?{query}" if query else "")
    signature = request.headers.get("x-twilio-signature", "")
    if fields is None or not RequestValidator(settings.twilio_auth_token).validate(url, fields, signature):
        raise PermissionDeniedException
    return fields


def _fields(body: bytes) -> dict[str, str] | None:
    """None for what Twilio never sends: another encoding, a name without a value, one name twice."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,  # the signature cannot tell a name from its value
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        return None
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None
