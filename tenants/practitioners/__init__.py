"""Who gives the services. Their hours live in `hours`, their sign-in rights in `team`."""
