"""Who may do what here."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Reader = Annotated[Principal, require("reporting:read")]
Recipient = Annotated[Principal, require("reporting:inbox")]
Editor = Annotated[Principal, require("reporting:bulletin")]
SignerOfBulletins = Annotated[Principal, require("reporting:sign")]
OutcomeOffice = Annotated[Principal, require("reporting:outcomes")]
Exporter = Annotated[Principal, require("reporting:export")]
