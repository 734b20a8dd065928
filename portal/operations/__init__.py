"""What the person who runs an installation does: start it, fill it, check it, move it.

No pages and no rules live here; a command prints, and ends with an exit code.
"""
