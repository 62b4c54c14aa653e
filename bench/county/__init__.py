"""The county bundle for real: a clone, its containers, what may happen to them, and what must hold afterwards."""
