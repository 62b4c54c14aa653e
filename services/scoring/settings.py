"""`scoring` has the kernel's settings and none of its own."""

from kernel.settings import ServiceSettings as ScoringSettings

__all__ = ["ScoringSettings"]
