"""Rooms and equipment: what a service needs one of. Which one an appointment gets is decided in `booking`."""
