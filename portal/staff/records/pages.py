"""The doors of this room."""

from portal.staff.records import (
    client,
    client_photo,
    duplicates,
    merged,
    merging,
)

PAGES = [
    client.show_client,
    client.ask_for_details,
    client.keep_details,
    client.restore,
    client_photo.send_photo,
    duplicates.show_duplicates,
    duplicates.tell_apart,
    merging.show_two,
    merging.merge,
    merged.show_merge,
    merged.undo,
]
