"""When clients are reminded, and why they are not."""
