"""Pictures for docs/screens by journey, and what is wrong with a page that can be seen without eyes."""
