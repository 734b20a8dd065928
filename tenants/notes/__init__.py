"""What staff write for themselves about a client. No client's lens reaches here."""
