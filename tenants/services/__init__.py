"""What is offered: length, buffers, price, and who gives it where."""
