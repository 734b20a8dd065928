"""Pages for whoever keeps the platform: which practices there are, and whether they may go on. Never their clients."""
