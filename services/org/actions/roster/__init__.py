"""Importing a roster: received, checked, put right, applied, undone; each long step an errand."""
