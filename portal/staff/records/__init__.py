"""What the practice knows of each client: found, read and changed, with notes, tags and consents."""
