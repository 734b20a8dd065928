"""The doors of this room."""

from portal.staff.book import (
    appointment,
    booking_for,
    calendar,
    following,
    following_cancellation,
    moving,
    series,
)

PAGES = [
    calendar.show_calendar,
    calendar.show_grid,
    booking_for.choose,
    booking_for.book,
    appointment.show_appointment,
    appointment.ask_to_cancel,
    appointment.cancel,
    appointment.note_no_show,
    moving.ask_where_to,
    moving.move,
    series.book,
    following.ask_where_to,
    following.move,
    following_cancellation.ask_to_cancel,
    following_cancellation.cancel,
    following_cancellation.take_back,
]
