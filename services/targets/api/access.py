"""Who is at each route."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Reader = Annotated[Principal, require("targets:read")]
Drafter = Annotated[Principal, require("targets:scheme")]
Issuer = Annotated[Principal, require("targets:issue")]
Splitter = Annotated[Principal, require("targets:cascade")]
Signer = Annotated[Principal, require("targets:acknowledge")]
