"""Who waits for which time, and to whom it is offered when it comes free. Booking it is `booking`'s."""
