from piccolo.columns import BigSerial, Text, Timestamptz

from tenants.scope import OwnedByTenant


class ChecklistDone(OwnedByTenant, tablename="checklist_done"):
    """A step of the first days that the practice has put aside."""

    id = BigSerial(primary_key=True)
    step = Text()
    at = Timestamptz()
