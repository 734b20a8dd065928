"""Client records brought in from a file and taken out as one: for the practice's admins. The worker does the work."""
