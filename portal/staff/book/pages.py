"""The doors of this room."""

from portal.staff.book import (
    appointment,
    booking_for,
    calendar,
    feed,
    moving,
    why,
)

PAGES = [
    calendar.show_calendar,
    calendar.show_grid,
    feed.show_feed,
    booking_for.choose,
    booking_for.book,
    appointment.show_appointment,
    appointment.ask_to_cancel,
    appointment.cancel,
    appointment.note_no_show,
    moving.ask_where_to,
    moving.move,
    why.ask,
]
