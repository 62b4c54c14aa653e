"""What an operator may set for this service."""

from kernel.settings import ServiceSettings


class SubmissionSettings(ServiceSettings):
    evidence_max_bytes: int = 50 * 1024 * 1024
    """Limit of one evidence file, checked while it is received."""
    evidence_max_files: int = 20
    """Files that one submission may have."""
    claim_minutes: int = 30
    """How long a reviewer holds a claimed submission."""
    repair_days: int = 3
    """Days for repair when the reviewer names no deadline."""
    appeal_decide_days: int = 10
    """Working days in which an appeal is to be decided."""
