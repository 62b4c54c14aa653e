"""Who may do what here."""

from typing import Annotated

from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.web.access import require
from services.reporting.settings import ReportingSettings

Reader = Annotated[Principal, require("reporting:read")]
Recipient = Annotated[Principal, require("reporting:inbox")]
Editor = Annotated[Principal, require("reporting:bulletin")]
SignerOfBulletins = Annotated[Principal, require("reporting:sign")]
OutcomeOffice = Annotated[Principal, require("reporting:outcomes")]
Exporter = Annotated[Principal, require("reporting:export")]


def settings_of(app: Runtime) -> ReportingSettings:
    if not isinstance(app.settings, ReportingSettings):
        raise TypeError("reporting runs with the settings of another service")
    return app.settings
