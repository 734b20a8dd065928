"""What a practice reads when a message did not arrive."""

import pytest

from portal.languages.words import words_in
from portal.messages.email import failures as of_email
from portal.messages.sms import failures as of_sms

ENGLISH = words_in("en")


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("30003 undelivered", "The phone was switched off or out of reach."),
        ("30004 undelivered", "The phone or its network does not let these messages through."),
        ("30005 undelivered", "This number does not exist, or nobody has it any more."),
        ("30006 undelivered", "This is a landline, or its network takes no SMS."),
        ("30007 undelivered", "The phone's network has held it back as spam."),
        ("30008 failed", "It was lost on the way; the phone's network gives no reason."),
        ("400 21610 Unable to create record: Attempt to send…", "Whoever has this number has answered STOP."),
        ("400 21211 Unable to create record: The 'To' number…", "This is not a phone number."),
        ("400 21614 Unable to create record: 'To' number: …", "This is not the number of a mobile phone."),
        ("400 21408 …", "SMS to this country are not switched on with the SMS provider."),
        ("400 21612 …", "SMS cannot be sent to this number from ours."),
        ("30410 undelivered", "The SMS provider could not deliver it (error 30410)."),
        ("400 21617 …", "The SMS provider could not deliver it (error 21617)."),
        ("undelivered", "The SMS provider could not deliver it and gives no reason."),
        ("canceled", "The SMS provider could not deliver it and gives no reason."),
        ("503 20503 Service unavailable", "The SMS provider did not take it in time."),
        ("429 20429 Too many requests", "The SMS provider did not take it in time."),
        ("ClientConnectorError", "The SMS provider did not take it in time."),
        ("could not be written", "The message could not be put together."),
    ],
)
def test_failure_of_an_sms_in_plain_words(failure: str, said: str) -> None:
    assert of_sms.failure_words(failure, ENGLISH) == said


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("550 5.1.1 <…>: Recipient address rejected", "There is no such mailbox."),
        ("5.1.1", "There is no such mailbox."),
        ("550 no such mailbox", "There is no such mailbox."),
        ("552 5.2.2 Mailbox full", "The mailbox is full."),
        ("552 quota exceeded", "The mailbox is full."),
        ("5.2.1", "The mailbox is closed."),
        ("554 5.7.1 Message refused", "The other mail server has refused it as spam."),
        ("550 5.7.26 Unauthenticated", "The other mail server has refused it as spam."),
        ("554 transaction failed", "The other mail server has refused it."),
        ("550 5.4.1 Recipient address rejected", "The other mail server has refused it."),
        ("451 try again later", "The mail server did not take it in time."),
        ("SMTPConnectTimeoutError: timed out", "The mail server did not take it in time."),
        ("could not be written", "The message could not be put together."),
    ],
)
def test_failure_of_an_email_in_plain_words(failure: str, said: str) -> None:
    assert of_email.failure_words(failure, ENGLISH) == said
