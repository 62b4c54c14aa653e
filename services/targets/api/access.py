"""Who is at each route."""

from typing import Annotated

from kernel.identity import Principal
from kernel.web.access import require

Reader = Annotated[Principal, require("targets:read")]
Drafter = Annotated[Principal, require("targets:scheme")]
Issuer = Annotated[Principal, require("targets:issue")]
Splitter = Annotated[Principal, require("targets:cascade")]
CalendarKeeper = Annotated[Principal, require("targets:calendar")]
Supervisor = Annotated[Principal, require("targets:supervise")]
Commentator = Annotated[Principal, require("targets:comment")]
Guardian = Annotated[Principal, require("targets:guard")]
LegalSigner = Annotated[Principal, require("targets:sign_exception")]
WebhookKeeper = Annotated[Principal, require("targets:webhooks")]
Signer = Annotated[Principal, require("targets:acknowledge")]
RosterAdmin = Annotated[Principal, require("org:roster")]
