"""R16, what follows from totals: rank, grade, bounds, quota, consequences. Pure; the standard library only."""
