"""What can be done with time: find it open, hold it, book, move, cancel. The practice's policy is asked here."""
