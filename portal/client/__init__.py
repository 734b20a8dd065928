"""Pages for the person who books. A page parses, asks, answers."""
