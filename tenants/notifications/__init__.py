"""What a practice owes somebody to say, and what became of it. Who says it and in which words lives in the portal."""
