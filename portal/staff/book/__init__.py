"""One appointment: shown, booked, put elsewhere, attended, cancelled, brought back; why a time is not offered."""
