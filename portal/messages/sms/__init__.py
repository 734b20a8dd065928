"""Text messages: Twilio's room, and the console room for an installation without it. Nothing is decided here."""
