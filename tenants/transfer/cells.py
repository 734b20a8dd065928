"""Cells that a program for tables would take for a formula: data for us, and made harmless when they leave.

OWASP, "CSV Injection": what begins with = + - @, tab or carriage return gets an apostrophe in front.
"""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) or is_marked(cell) else cell


def plain(cell: str) -> str:
    """The mark taken off again, so that our own export comes back as it left."""
    return cell[1:] if is_marked(cell) else cell


def is_marked(cell: str) -> bool:
    """As `harmless` marks, also twice: what had a mark before keeps it through the journey."""
    return cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA)
