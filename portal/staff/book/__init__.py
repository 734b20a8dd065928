"""The appointment book as the practice works in it: days and weeks, one appointment, booking, moving, series."""
