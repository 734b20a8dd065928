"""The doors of this room."""

from portal.staff.book import (
    appointment,
    attendance,
    booking_for,
    cancellation,
    moving,
    placement,
    room,
    sheet,
    why,
)

PAGES = [
    booking_for.choose,
    booking_for.book,
    sheet.show_sheet,
    sheet.find_clients,
    sheet.book,
    appointment.show_appointment,
    attendance.note,
    cancellation.ask_to_cancel,
    cancellation.cancel,
    cancellation.take_back,
    moving.ask_where_to,
    moving.move,
    placement.ask_where_and_how_long,
    placement.place,
    room.give,
    why.ask,
]
