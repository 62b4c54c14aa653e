"""Who may do what here."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Anyone = Annotated[Principal, require("session:own")]
Reader = Annotated[Principal, require("org:read")]
RosterAdmin = Annotated[Principal, require("org:roster")]
AccountAdmin = Annotated[Principal, require("org:accounts")]
GrantReader = Annotated[Principal, require("org:grants_read")]
Proposer = Annotated[Principal, require("org:grants_propose")]
Approver = Annotated[Principal, require("org:grants_approve")]
