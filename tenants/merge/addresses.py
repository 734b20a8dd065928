"""E-mail addresses that one hurried person may have typed: the same mailbox, or one slip away. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise

from rapidfuzz.distance import OSA

_SHORTEST_MAILBOX, _SHORTEST_DOMAIN = 5, 6  # below, one letter makes another name
_DIGITS = frozenset("0123456789")
_MOST_DOMAINS = 30  # under one mailbox; info@ and contact@ are nobody's name


def near_addresses(emails: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """Pairs, each with whether the mailbox itself differs by a slip; else by dots, a plus-tag or a slip in the domain.

    A slip is one letter more, less, another or two changed over. A digit is none: roy1 and roy2 are two mailboxes.
    """
    mailboxes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for email in emails:
        local, _, domain = email.rpartition("@")
        mailboxes[_plain(local)][domain].append(email)
    for domains in mailboxes.values():
        yield from _same_mailbox(domains)
    yield from _slips(mailboxes)


def halves_of(email: str) -> tuple[str, str]:
    """A beginning without dots and an end, of which whatever is near has at least one: one slip is in one half only."""
    local, _, domain = email.rpartition("@")
    plain = _plain(local)
    half = len(plain) // 2
    return plain[: max(1, half - 1)], f"{plain[half + 1 :]}@{domain}"


def _plain(local: str) -> str:
    """Without dots and plus-tag, which many providers do not look at."""
    return local.partition("+")[0].replace(".", "") or local


def _same_mailbox(domains: dict[str, list[str]]) -> Iterator[tuple[str, str, bool]]:
    for same in domains.values():
        for one, other in pairwise(same):
            yield one, other, False
    if 1 < len(domains) <= _MOST_DOMAINS:
        for one, other in combinations(domains, 2):
            if min(len(one), len(other)) >= _SHORTEST_DOMAIN and OSA.distance(one, other, score_cutoff=1) <= 1:
                yield domains[one][0], domains[other][0], False


def _slips(mailboxes: dict[str, dict[str, list[str]]]) -> Iterator[tuple[str, str, bool]]:
    """Two words one slip apart become the same when each loses at most one letter: those that meet are compared."""
    alone: dict[str, str] = {}
    meeting: dict[str, list[str]] = {}
    for mailbox in mailboxes:
        if len(mailbox) < _SHORTEST_MAILBOX:
            continue
        shorter = {mailbox[:at] + mailbox[at + 1 :] for at, sign in enumerate(mailbox) if sign not in _DIGITS}
        for word in (mailbox, *shorter):
            first = alone.setdefault(word, mailbox)
            if first is not mailbox:
                meeting.setdefault(word, [first]).append(mailbox)
    seen: set[tuple[str, str]] = set()
    for words in meeting.values():
        for one, other in combinations(words, 2):
            if (one, other) not in seen and OSA.distance(one, other, score_cutoff=1) <= 1:
                seen.add((one, other))
                for domain in mailboxes[one].keys() & mailboxes[other].keys():
                    yield mailboxes[one][domain][0], mailboxes[other][domain][0], True
