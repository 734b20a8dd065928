"""Who is looking: the person, the addresses they proved, sign-in, connections. Nothing about any one practice."""
