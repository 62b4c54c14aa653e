"""A whole platform on one machine from one command: its servers as child processes, its services in one process."""
