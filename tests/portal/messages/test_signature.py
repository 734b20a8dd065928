"""Nobody but Twilio is believed: whatever is changed in a request, its signature is another's."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from portal.app import PAGES
from portal.messages.sms import webhooks
from portal.web.guard import SIGNED
from tests.fake_twilio import ACCOUNT, Call, FakeTwilio, signature
from tests.portal.messages.texting import ANAS, PUBLIC_URL, Texting

URL = f"{PUBLIC_URL}/twilio/incoming"
FIELDS = {
    "MessageSid": "SM" + "e" * 32,
    "AccountSid": ACCOUNT,
    "From": ANAS,
    "Body": "Ça va être & = + 100 % ?",
    "To": "",
}
FORM = "application/x-www-form-urlencoded"


async def knock(twilio: FakeTwilio, body: bytes, url: str = URL, **headers: str) -> httpx.Response:
    signed = {"Content-Type": FORM, "X-Twilio-Signature": signature(Call(URL, FIELDS))}
    return await twilio.portal.post(url, content=body, headers=signed | headers)


async def kept(texting: Texting) -> list[tuple[str, str]]:
    return [tuple(row) for row in await texting.owner.fetch("SELECT from_number, body FROM incoming_text")]


def test_signature_is_the_one_that_twilio_documents() -> None:
    """An example of Twilio's own, with its token."""
    call = Call(
        "https://mycompany.com/myapp.php?foo=1&bar=2",
        {
            "CallSid": "CA1234567890ABCDE",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
            "Caller": "+14158675309",
        },
    )

    assert signature(call, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_signed_text_is_kept_and_answered_with_nothing(texting: Texting, twilio: FakeTwilio) -> None:
    answer = await knock(twilio, urlencode(FIELDS).encode())

    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (
        200,
        "<Response/>",
        "text/xml; charset=utf-8",
    )
    assert await kept(texting) == [(ANAS, FIELDS["Body"])]


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), sign=st.integers(0, 255))
async def test_any_changed_byte_of_the_body_is_refused(
    texting: Texting, twilio: FakeTwilio, place: int, sign: int
) -> None:
    body = bytearray(urlencode(FIELDS).encode())
    place %= len(body)
    body[place] = sign
    assume(_meaning(bytes(body)) != FIELDS)  # a hexadecimal digit in its other case

    answer = await knock(twilio, bytes(body))

    assert (answer.status_code, await kept(texting)) == (403, [])


def _meaning(body: bytes) -> dict[str, str] | None:
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict"))
    except ValueError:
        return None


@examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 27), sign=st.characters(min_codepoint=32, max_codepoint=126))
async def test_any_changed_sign_of_the_signature_is_refused(
    texting: Texting, twilio: FakeTwilio, place: int, sign: str
) -> None:
    right = signature(Call(URL, FIELDS))
    wrong = right[:place] + sign + right[place + 1 :]
    assume(wrong.strip() != right)

    answer = await knock(twilio, urlencode(FIELDS).encode(), **{"X-Twilio-Signature": wrong})

    assert (answer.status_code, await kept(texting)) == (403, [])


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?x=1",
        f"{PUBLIC_URL}/twilio/status/harbour/aaaaaaaaaa",
    ],
)
async def test_signature_of_one_door_opens_no_other(texting: Texting, twilio: FakeTwilio, url: str) -> None:
    assert (await knock(twilio, urlencode(FIELDS).encode(), url)).status_code == 403


async def test_address_is_the_configured_one_whatever_host_is_named(texting: Texting, twilio: FakeTwilio) -> None:
    """Behind a proxy another name arrives; and who names another host may have signed for that one."""
    elsewhere = Call("https://evil.example/twilio/incoming", FIELDS)
    wrong = {"X-Twilio-Signature": signature(elsewhere), "Host": "evil.example", "X-Forwarded-Host": "evil.example"}

    refused = await knock(twilio, urlencode(FIELDS).encode(), **wrong)
    taken = await knock(twilio, urlencode(FIELDS).encode(), "http://127.0.0.1:8000/twilio/incoming")

    assert (refused.status_code, taken.status_code) == (403, 200)


@pytest.mark.parametrize("wrong", ["", b"\xc3\xa9" * 14])
async def test_what_is_no_signature_is_refused(texting: Texting, twilio: FakeTwilio, wrong: Any) -> None:
    assert (await knock(twilio, urlencode(FIELDS).encode(), **{"X-Twilio-Signature": wrong})).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"Body",
        b"Body=%FF",
        urlencode(FIELDS).encode() + b"&Body=twice",
        urlencode([(f"Field{n}", "") for n in range(500)]).encode(),
    ],
)
async def test_what_twilio_never_sends_is_refused(texting: Texting, twilio: FakeTwilio, body: bytes) -> None:
    assert (await knock(twilio, body)).status_code == 403


async def test_field_sent_twice_is_refused_though_its_signature_is_right(texting: Texting, twilio: FakeTwilio) -> None:
    """A signature over sets of values could not tell which of them came first."""
    body = urlencode(FIELDS).encode() + b"&" + urlencode({"Body": FIELDS["Body"]}).encode()

    assert (await knock(twilio, body)).status_code == 403


async def test_origin_of_another_site_does_not_matter_to_what_is_signed(texting: Texting, twilio: FakeTwilio) -> None:
    answer = await knock(twilio, urlencode(FIELDS).encode(), Origin="null", **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 200


def test_no_other_door_is_let_past_the_guard() -> None:
    open_doors: list[Any] = [page for page in PAGES if page.opt.get(SIGNED)]

    assert open_doors == [webhooks.hear_receipt, webhooks.hear_text]
