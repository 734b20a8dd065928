"""What leaves: rows that wait are claimed, re-read, put into the reader's words and sent; the outcome is written.

One room per channel. What is owed to whom is decided in `tenants/notifications`, never here.
"""
