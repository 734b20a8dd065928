"""When a practice is open: weekly hours, dated exceptions, closures. Rows only; `availability` does the arithmetic."""
