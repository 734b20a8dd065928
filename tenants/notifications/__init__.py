"""What a practice owes a client to say, and when. Who says it, how and in which words lives in the portal."""
