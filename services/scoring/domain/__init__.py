"""Points, the ledger's chain, statements and their roll-up, as pure functions and values."""
