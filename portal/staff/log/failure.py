"""Why a message failed, by the channel that it was tried through."""

from portal.languages.words import Words
from portal.messages.email import failures as of_email
from portal.messages.sms import failures as of_sms


def failure_words(channel: str, failure: str, words: Words) -> str:
    if channel == "sms":
        return of_sms.failure_words(failure, words)
    return of_email.failure_words(failure, words)
