"""Pages for the practice: its days, its services, its hours. A page parses, asks, answers."""
