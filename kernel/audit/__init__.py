"""Who did what: acts written down with the change itself, numbered and chained after commit, never altered."""
