"""Who may come to which door."""

from typing import Annotated

from fastapi import Depends

from kernel.identity import Principal
from kernel.web.access import require
from kernel.web.app import App
from services.submissions.settings import SubmissionSettings

PREFIX = "/api/submissions/v1"

Reader = Annotated[Principal, require("submissions:read")]
Submitter = Annotated[Principal, require("submissions:submit")]
Reviewer = Annotated[Principal, require("submissions:review")]
Router = Annotated[Principal, require("submissions:assign")]
Appellant = Annotated[Principal, require("submissions:appeal")]
Auditor = Annotated[Principal, require("audit:read")]
Adjudicator = Annotated[Principal, require("submissions:decide_appeals")]


def submission_settings(app: App) -> SubmissionSettings:
    if not isinstance(app.settings, SubmissionSettings):
        raise TypeError("the runtime of submissions carries other settings")
    return app.settings


Settings = Annotated[SubmissionSettings, Depends(submission_settings)]
