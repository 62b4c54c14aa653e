"""Real servers as child processes on loopback: for embedded mode, rehearsals and tests. Linux only."""
