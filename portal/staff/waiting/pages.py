"""The doors of this room."""

from portal.staff.waiting import adding, listing

PAGES = [
    listing.show_list,
    adding.ask_for_wish,
    adding.add,
    listing.remove,
    listing.put_back,
]
