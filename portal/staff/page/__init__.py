"""The practice's own page, as its admins make it: what it says and how it looks, its address, whether it is open."""
