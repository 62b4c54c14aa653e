"""Hints that something changed, without content: pages that get one ask again through the API, with their own rights."""
