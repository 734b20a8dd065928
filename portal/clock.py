from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The one place that reads the time; everything else is told it."""
    return datetime.now(UTC)
