"""Two hundred clients who want the same time at the same moment, two hundred times over."""

from collections import Counter

from portal.clock import wall_clock
from tests.benchmarks import posts
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.figures import Figure, Run
from tests.benchmarks.installation import settle

RIVALS, TURNS = 200, 200
BOOKED, CONFLICT = 303, 409
_SLOTS = range(110_000, 110_000 + TURNS)
_SLOWEST = 1.0  # seconds

_BOOKED = """
SELECT count(DISTINCT (practitioner_id, starts_at)) AS slots, count(*) AS appointments,
       (SELECT count(*) FROM message WHERE audience = 'client') AS notices
FROM appointment WHERE booking_key LIKE 'hold-11____-%'
"""


async def measure(run: Run) -> list[Figure]:
    """Counted from the answers and again from the database."""
    owner, settings = run.installation.owner, run.installation.settings
    now = wall_clock()
    notices = await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'")
    await posts.hold_slots(owner, _SLOTS, posts.midnight_of(now), now, rivals=RIVALS)
    await settle(owner)
    answers: Counter[int] = Counter()
    slowest, single = 0.0, 0
    async with Crowd(settings.port, RIVALS) as crowd:
        for number in _SLOTS:
            requests = [posts.post_of(number, settings, rival, RIVALS) for rival in range(RIVALS)]
            statuses, seconds = await crowd.post(requests)
            answers.update(statuses)
            slowest = max(slowest, seconds)
            single += statuses.count(BOOKED) == 1
    run.requests += answers.total()
    row = await owner.fetchrow(_BOOKED)
    wrong = answers.total() - answers[BOOKED] - answers[CONFLICT]
    exact = (row["slots"], row["appointments"], row["notices"] - notices) == (TURNS, TURNS, TURNS)
    return [
        Figure(f"{RIVALS} posts on one slot: rounds of {TURNS} with exactly one booked", single, "", least=TURNS),
        Figure("… slots with exactly one appointment and one notice", TURNS if exact else 0, "", least=TURNS),
        Figure("… politely refused", answers[CONFLICT], "", least=TURNS * (RIVALS - 1)),
        Figure("… any other answer", wrong, "", most=0),
        Figure("… slowest round", slowest, "s", most=_SLOWEST),
    ]
