"""What a practice decides once: services, opening hours, time off, and what clients may do."""
