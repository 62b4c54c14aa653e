"""Units, officers, postings, authorities, accounts and roles. Knows no targets and no scores."""
