"""What an operator may set for this service."""

from kernel.settings import ServiceSettings


class TargetSettings(ServiceSettings):
    max_body_bytes: int = 8 * 1024 * 1024
    """Limit of request bodies: a batch of 5,000 targets and an indicator workbook fit in."""
