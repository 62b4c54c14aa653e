"""What people do with submissions: lock, decide, write, publish."""
