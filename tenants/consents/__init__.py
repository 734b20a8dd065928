"""What a practice asks its clients to agree to, word for word, and who has agreed to it and when."""
