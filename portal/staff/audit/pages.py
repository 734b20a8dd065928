"""The doors of this room."""

from portal.staff.audit import export, page

PAGES = [page.show_audit, export.export_audit]
