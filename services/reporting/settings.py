"""`reporting` has the kernel's settings and none of its own."""

from kernel.settings import ServiceSettings as ReportingSettings

__all__ = ["ReportingSettings"]
