"""The doors of this room."""

from portal.staff.records import (
    client,
    client_photo,
    documents,
    duplicates,
    erasure,
    erasures,
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
    documents.list_documents,
    documents.add,
    documents.send_document,
    documents.share,
    documents.remove,
    documents.restore,
    erasure.ask_to_erase,
    erasure.erase,
    erasure.wish,
    erasure.keep,
    erasures.list_erasures,
]
