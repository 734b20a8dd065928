"""The doors of this room."""

from portal.staff.page import (
    address,
    colour,
    contact,
    languages,
    logo,
    overview,
    publication,
    website,
    words,
    zone,
)

PAGES = [
    overview.show_overview,
    words.show_words,
    words.change,
    contact.show_contact,
    contact.change,
    address.show_address,
    address.change,
    colour.show_colour,
    colour.change,
    colour.preview,
    logo.show_logo,
    logo.choose,
    logo.ask_to_remove,
    logo.remove,
    languages.show_languages,
    languages.change,
    zone.show_zone,
    zone.change,
    publication.show_publication,
    publication.change,
    website.show_website,
]
