"""The practice itself: its sign, its zone, its languages. What a practice has lives in rooms further left."""
