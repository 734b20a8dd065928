"""Files that a practice keeps for a client, and shares with them or not. A file is what it holds, not its name."""
