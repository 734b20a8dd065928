"""How a practice begins: it is founded, and led through its first days."""
