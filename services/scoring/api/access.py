"""Who may do what here."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Reader = Annotated[Principal, require("scoring:read")]
Awarder = Annotated[Principal, require("scoring:award")]
Confirmer = Annotated[Principal, require("scoring:confirm_award")]
Auditor = Annotated[Principal, require("audit:read")]
