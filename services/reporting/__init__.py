"""Boards, progress and tables. Never a source of truth: it can be dropped and rebuilt from the event logs."""
