"""The doors of this room."""

from portal.staff.merging import duplicates, merged, two

PAGES = [
    duplicates.show_duplicates,
    duplicates.tell_apart,
    two.show_two,
    two.merge,
    merged.show_merge,
    merged.undo,
]
