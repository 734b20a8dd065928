from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tenants.availability.spans import Span, union, without

instants = st.integers(0, 60)
spans = st.tuples(instants, instants).filter(lambda span: span[0] < span[1])


def points(some: list[Span]) -> set[int]:
    return {point for begins, ends in some for point in range(begins, ends)}


@given(st.lists(spans, max_size=10))
def test_union_is_the_same_time_with_gaps_between(some: list[Span]) -> None:
    merged = union(some)

    assert points(merged) == points(some)
    assert all(ends < begins for (_, ends), (begins, _) in pairwise(merged))


@given(spans, st.lists(spans, max_size=10))
def test_without_leaves_what_no_cut_covers(span: Span, cuts: list[Span]) -> None:
    left = without(span, union(cuts))

    assert points(left) == points([span]) - points(cuts)
    assert all(begins < ends for begins, ends in left)
    assert all(ends < begins for (_, ends), (begins, _) in pairwise(left))


def test_touching_spans_become_one() -> None:
    assert union([(10, 20), (0, 10), (30, 40)]) == [(0, 20), (30, 40)]


def test_a_span_that_ends_where_a_cut_begins_is_whole() -> None:
    assert without((0, 10), [(10, 20)]) == [(0, 10)]
    assert without((20, 30), [(10, 20)]) == [(20, 30)]
