"""Two records of one client: found, made one, and taken apart again."""
