"""What `make bench` runs: figures of the real server on a database of its own, each beside its limit."""
