"""Arithmetic on time: pure functions over integers, standard library only, no clock, no I/O.

An *instant* is whole seconds since 1970-01-01T00:00Z. A *span* is a pair of instants, the end excluded.
"""
