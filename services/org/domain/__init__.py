"""Rules of the organisation, as pure functions and values."""
