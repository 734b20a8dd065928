"""The practice's own page, as its admins make it: address, words, colour, logo, languages, zone, and whether it is open."""
