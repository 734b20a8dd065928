"""E-mail: the SMTP room, and the console room for an installation without a server. Nothing is decided here."""
