"""What is kept of a client and for how long: documents, the rule of the practice, and the end of a record."""
