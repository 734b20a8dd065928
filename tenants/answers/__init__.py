"""What clients answer, and what it means to their appointments."""
