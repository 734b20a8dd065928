"""Appointments that repeat: looked over before they are booked, moved and cancelled together."""
