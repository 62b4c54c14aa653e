"""Ranking, as pure functions and values."""
