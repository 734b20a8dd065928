"""The doors of this room."""

from portal.staff.series import following, following_cancellation, preview

PAGES = [
    preview.book,
    following.ask_where_to,
    following.move,
    following_cancellation.ask_to_cancel,
    following_cancellation.cancel,
    following_cancellation.take_back,
]
