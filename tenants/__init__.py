"""Every practice: its rows and its rules, one practice at a time.

Nothing here speaks: no HTTP, no HTML, no words for people, and nothing of `portal`.
"""
