"""Pages for those who work at a practice: calendar, appointments, settings. A page parses, asks, answers."""
