"""Times that clients ask for and somebody has to agree to: accepted, declined, or over without an answer."""
