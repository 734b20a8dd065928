"""What a practice sets of its messages: reminder rules, hours and budget, texts, and what each member is told of."""
