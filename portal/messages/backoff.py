"""When a message that could not leave is tried again."""

from datetime import datetime, timedelta

FIRST = timedelta(seconds=5)
LONGEST = timedelta(minutes=15)


def next_attempt(attempts: int, now: datetime, jitter: float) -> datetime:
    """Twice as long after each of the `attempts` made; `jitter` between 0 and 1 spreads rivals over ±25 %."""
    doublings = min(attempts - 1, 20)
    pause = min(FIRST * (1 << doublings), LONGEST)
    return now + pause * (0.75 + jitter / 2)
