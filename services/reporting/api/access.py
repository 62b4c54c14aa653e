"""Who may do what here."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Reader = Annotated[Principal, require("reporting:read")]
Exporter = Annotated[Principal, require("reporting:export")]
