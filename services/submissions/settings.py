"""What an operator may set for this service."""

from kernel.settings import ServiceSettings


class SubmissionSettings(ServiceSettings):
    evidence_max_bytes: int = 50 * 1024 * 1024
    """Limit of one evidence file, checked while it is received."""
    evidence_max_files: int = 20
    """Files that one submission may have."""
    quota_person_bytes: int = 2 * 1024**3
    """Room of one person's evidence library; 0: no limit."""
    quota_unit_bytes: int = 0
    """Room of all libraries of one unit together; 0: no limit."""
    upload_hours: int = 24
    """How long an upload in parts waits for its next part."""
    scanner: str | None = None
    """Where a ClamAV daemon listens, `host:port` or the path of its socket. Without one, files stay `unscanned` and can be opened."""
    files_at_once: int = 2
    """How many files the worker looks at side by side: scans them, makes previews."""
    watermark_previews: bool = False
    """Write the reader's name and the time across previews."""
    claim_minutes: int = 30
    """How long a reviewer holds a claimed submission."""
    repair_days: int = 3
    """Days for repair when the reviewer names no deadline."""
    appeal_decide_days: int = 10
    """Working days in which an appeal is to be decided."""
