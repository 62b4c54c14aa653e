"""Use cases: lock, decide, write, publish."""
