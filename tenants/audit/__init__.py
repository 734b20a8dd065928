"""Who did what to what at the desk, and from where. The database writes it; here it is only read."""
