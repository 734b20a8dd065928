"""Who works for a practice and may open its desk, keyed by e-mail address like client records."""
