"""What tells an open desk that something has changed at its practice, whoever changed it and in whichever process."""
