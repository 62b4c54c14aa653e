"""A month played against a running platform through its HTTP interface only, and then checked."""
