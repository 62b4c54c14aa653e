"""From a business transaction to the other services and back: outbox, event log, feed, inbox, replicas."""
