"""How long a practice keeps its records, and how one is erased: by hand, or by the practice's own rule."""
