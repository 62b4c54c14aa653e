"""One module a family of nodes (rules.md 2.1)."""
