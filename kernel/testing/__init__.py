"""What tests of every service use: real servers, services in one process, people with tokens."""
