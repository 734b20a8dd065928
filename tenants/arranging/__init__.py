"""What staff do with the book: put anywhere, move, repeat, bring back, note who came; why a time is not offered."""
