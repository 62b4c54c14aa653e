"""Who may come to which door."""

from typing import Annotated

from fastapi import Depends

from kernel.identity import Principal
from kernel.web.access import require
from kernel.web.app import App
from services.submissions.settings import SubmissionSettings, settings_of

PREFIX = "/api/submissions/v1"

Reader = Annotated[Principal, require("submissions:read")]
Submitter = Annotated[Principal, require("submissions:submit")]
Reviewer = Annotated[Principal, require("submissions:review")]
Router = Annotated[Principal, require("submissions:assign")]
Appellant = Annotated[Principal, require("submissions:appeal")]
Auditor = Annotated[Principal, require("audit:read")]
Adjudicator = Annotated[Principal, require("submissions:decide_appeals")]


async def _settings(app: App) -> SubmissionSettings:
    return settings_of(app)


Settings = Annotated[SubmissionSettings, Depends(_settings)]
