"""Days, weeks and months of the book: drawn, listed and printed, and what they are drawn from."""
