"""How practices come to the platform: signed up by somebody, led through its first steps and weeks."""
