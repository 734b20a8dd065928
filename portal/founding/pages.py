"""Every door by which a practice comes in."""

from portal.founding import checklist, first_hours, first_service, sign_up, start

PAGES = [
    sign_up.show_beginning,
    sign_up.ask_for_code,
    sign_up.found_it,
    start.go_on,
    first_service.show_service,
    first_service.set_service,
    first_hours.show_hours,
    first_hours.set_hours,
    start.show_page,
    start.open_to_all,
    checklist.show_checklist,
    checklist.change_checklist,
]
