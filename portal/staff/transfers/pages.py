"""The doors of this room."""

from portal.staff.transfers import columns, exporting, listing, one_import, refused, upload

PAGES = [
    listing.list_transfers,
    upload.ask_for_file,
    upload.take_file,
    columns.ask_for_columns,
    columns.choose_columns,
    one_import.show_import,
    one_import.show_progress,
    one_import.check,
    one_import.start,
    one_import.cancel_import,
    refused.send_refused,
    exporting.ask_for_export,
    exporting.begin_export,
    exporting.show_export,
    exporting.show_export_progress,
    exporting.cancel_export,
    exporting.send_export,
]
