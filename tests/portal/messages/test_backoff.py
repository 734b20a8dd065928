from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.messages.backoff import LONGEST, next_attempt

NOW = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    pauses = [(next_attempt(attempts, NOW, 0.5) - NOW).total_seconds() for attempts in range(1, 11)]

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


@given(attempts=st.integers(1, 100_000), jitter=st.floats(0, 1))
def test_pause_is_never_nothing_and_never_long(attempts: int, jitter: float) -> None:
    pause = next_attempt(attempts, NOW, jitter) - NOW

    assert timedelta(seconds=3) < pause <= LONGEST * 1.25
