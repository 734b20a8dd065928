"""Messages put into words: letters, texts, and what is sent along with them. Nothing leaves from here."""
