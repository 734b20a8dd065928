"""The doors of this room."""

from portal.staff.keeping import documents, erasure, erasures, retention

PAGES = [
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
    retention.show_retention,
    retention.change,
]
