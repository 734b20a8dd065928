"""The practice's own records of its clients, keyed by e-mail address. Nothing here knows the person behind."""
