"""The rules of submissions as pure functions of values."""
