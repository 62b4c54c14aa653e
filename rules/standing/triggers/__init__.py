"""One module a kind of trigger."""
