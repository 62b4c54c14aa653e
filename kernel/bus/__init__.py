"""The protocol of the event bus and its transports. Knows nothing of databases."""
