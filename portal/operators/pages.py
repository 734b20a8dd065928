"""Every door of the platform's keeper."""

from portal.operators import practices

PAGES = [
    practices.show_practices,
    practices.show_practice,
    practices.suspend_it,
    practices.resume_it,
    practices.delete_it,
    practices.keep_it,
]
