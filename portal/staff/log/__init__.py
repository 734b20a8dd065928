"""What the practice has said, what it will say, why nothing was sent, and saying it again by hand."""
