"""Client records on their way in and out: what a file says, whose record each row is, and what would change."""
