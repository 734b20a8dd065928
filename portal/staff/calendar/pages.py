"""The doors of this room."""

from portal.staff.calendar import feed, page

PAGES = [
    page.show_calendar,
    page.show_grid,
    feed.show_feed,
]
