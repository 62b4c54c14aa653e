"""What an operator may set for this service."""

from typing import Literal

from kernel.runtime import Runtime
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
    claim_minutes: int = 5
    """How long a reviewer holds a claimed submission."""
    undo_seconds: int = 8
    """Seconds in which a decision can be undone, before anybody is told and anything is posted; 0: it holds at once."""
    reopen_hours: int = 24
    """Hours in which whoever decided, or the office, may take a decision back into review."""
    repair_days: int = 3
    """Days for repair when the reviewer names no deadline."""
    appeal_decide_days: int = 10
    """Working days in which an appeal is to be decided."""
    appeal_extend_days: int = 10
    """By how many working days the time to decide can be made longer, once and with a reason."""
    appeal_again_days: int = 5
    """Working days in which the second instance can be asked, after the first has decided."""
    appeal_again_decide_days: int = 10
    """Working days in which the second instance is to decide."""
    appeal_silence: Literal["up", "granted", "stands"] = "up"
    """When nobody decides in time: the appeal goes to the second instance; or what is asked for counts; or the decision stands."""


def settings_of(app: Runtime) -> SubmissionSettings:
    if not isinstance(app.settings, SubmissionSettings):
        raise TypeError("submissions runs with the settings of another service")
    return app.settings
