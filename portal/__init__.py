"""Every door: pages in, messages out, the clock. It knows who is looking; it decides nothing about a practice."""
