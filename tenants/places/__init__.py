"""Where a practice receives. Times and people live elsewhere."""
