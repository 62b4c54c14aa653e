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
Reorganiser = Annotated[Principal, require("org:reorganise")]
Delegator = Annotated[Principal, require("org:delegate")]
RecusalJudge = Annotated[Principal, require("org:recusals_decide")]
ParameterProposer = Annotated[Principal, require("org:parameters_propose")]
ParameterApprover = Annotated[Principal, require("org:parameters_approve")]
MachineProposer = Annotated[Principal, require("org:machines_propose")]
MachineApprover = Annotated[Principal, require("org:machines_approve")]
SessionReader = Annotated[Principal, require("org:sessions_read")]
SessionEnder = Annotated[Principal, require("org:sessions_revoke")]
