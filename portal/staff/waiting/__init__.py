"""The waiting list at the desk: who waits for what, what was offered to whom, and why nothing was."""
