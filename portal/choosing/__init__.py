"""What clients' and staff's pages share when a time is chosen: the offer, the month's days, one day's free times.

Asked of the rules and drawn for the templates; each door keeps its own addresses and decides who may.
"""
