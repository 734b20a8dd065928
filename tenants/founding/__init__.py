"""How a practice begins, is led through its first days, is suspended by the platform, and ends."""
