"""The help: short articles in each language, found by name or by what they say. Nothing here knows who is reading."""
