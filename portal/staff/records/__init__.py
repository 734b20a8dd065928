"""What the practice keeps of each client: found, read, changed, merged and erased."""
