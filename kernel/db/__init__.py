"""PostgreSQL: engine, columns, paging, locks, migrations. Knows nothing of events."""
