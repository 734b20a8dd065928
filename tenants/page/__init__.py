"""What a practice shows of itself: the address of its page, what it says in which language, its logo."""
