"""Mirrors both rooms; journeys and benchmarks stand apart."""
