"""The doors of this room."""

from portal.staff.requests import answering, listing

PAGES = [
    listing.list_requests,
    listing.show_count,
    answering.accept_it,
    answering.ask_to_decline,
    answering.decline_it,
]
