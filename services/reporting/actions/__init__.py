"""Use cases: what people decide here, and what follows from events beside copies."""
