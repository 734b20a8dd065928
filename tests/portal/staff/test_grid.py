import re

from portal.staff.calendar.grid import Window, lanes, stylesheet, window_around


def test_window_is_whole_hours_around_everything() -> None:
    assert window_around([(9 * 60 + 30, 17 * 60), (13 * 60, 18 * 60 + 5)]) == Window(9 * 60, 19 * 60)
    assert window_around([]) == Window(9 * 60, 17 * 60)


def test_cell_counts_rows_of_five_minutes_and_cuts_off_what_lies_outside() -> None:
    window = Window(9 * 60, 17 * 60)

    assert window.cell(9 * 60, 10 * 60) == "row-1 span-12"
    assert window.cell(9 * 60 + 35, 9 * 60 + 40) == "row-8 span-1"
    assert window.cell(0, 24 * 60) == "row-1 span-96"


def test_spans_that_meet_share_the_width_and_others_do_not() -> None:
    assert lanes([(0, 60), (30, 90), (60, 120), (120, 180)]) == [
        "lane-1-of-2",
        "lane-2-of-2",
        "lane-1-of-2",
        "lane-1-of-1",
    ]


def test_more_at_once_than_there_are_lanes_share_the_last() -> None:
    assert lanes([(0, 60)] * 8)[5:] == ["lane-6-of-6"] * 3


def test_stylesheet_knows_every_class_that_can_be_asked_for() -> None:
    known = set(re.findall(r"\.([\w-]+)\{", stylesheet()))

    assert {f"row-{row}" for row in range(1, 289)} | {f"span-{rows}" for rows in range(1, 289)} <= known
    assert {f"lane-{lane}-of-{of}" for of in range(1, 7) for lane in range(1, of + 1)} <= known
