from collections.abc import Iterable

Span = tuple[int, int]


def union(spans: Iterable[Span]) -> list[Span]:
    """The same time as sorted spans that neither overlap nor touch."""
    merged: list[Span] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            if ends > merged[-1][1]:
                merged[-1] = (merged[-1][0], ends)
        else:
            merged.append((begins, ends))
    return merged


def without(span: Span, cuts: list[Span]) -> list[Span]:
    """What is left of a span after cutting a union out of it."""
    begins, ends = span
    left = []
    for cut_begins, cut_ends in cuts:
        if cut_ends <= begins:
            continue
        if cut_begins >= ends:
            break
        if cut_begins > begins:
            left.append((begins, cut_begins))
        begins = cut_ends
    if begins < ends:
        left.append((begins, ends))
    return left
