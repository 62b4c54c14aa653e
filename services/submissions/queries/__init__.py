"""Reads: whole cases, who may see them, lists, the facts that the rules need."""
