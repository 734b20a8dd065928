"""How a practice writes to its clients: when not, by which channels, at what cost, in which words."""
