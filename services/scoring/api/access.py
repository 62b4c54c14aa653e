"""Who may do what here, and what this deployment seals with."""

from datetime import date
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from kernel.delivery.transaction import Transaction
from kernel.identity import Principal
from kernel.runtime import Runtime
from kernel.version import VERSION
from kernel.web.access import require
from sealing.keys import ED25519, Signer
from sealing.trust import Trust
from services.scoring.actions.sealing import Sealer
from services.scoring.settings import ScoringSettings

Reader = Annotated[Principal, require("scoring:read")]
Awarder = Annotated[Principal, require("scoring:award")]
Confirmer = Annotated[Principal, require("scoring:confirm_award")]
Auditor = Annotated[Principal, require("audit:read")]
Closer = Annotated[Principal, require("scoring:close")]
Sealing = Annotated[Principal, require("scoring:seal")]
Appellant = Annotated[Principal, require("scoring:appeal")]
Judge = Annotated[Principal, require("scoring:decide_appeals")]
Objector = Annotated[Principal, require("scoring:object")]


async def today(tx: Transaction, app: Runtime) -> date:
    """The bureau's day, by the clock that deadlines follow."""
    return (await tx.now()).astimezone(app.zone).date()


def settings_of(app: Runtime) -> ScoringSettings:
    if not isinstance(app.settings, ScoringSettings):
        raise TypeError("scoring runs with the settings of another service")
    return app.settings


def sealer_of(app: Runtime) -> Sealer | None:
    """None when this deployment has no key or no name to seal with."""
    settings = settings_of(app)
    if settings.seal_key is None or not settings.seal_origin:
        return None
    key = load_pem_private_key(settings.seal_key.get_secret_value().encode(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("KAOHE_SEAL_KEY is not an Ed25519 key")
    signer = Signer(settings.seal_origin, ED25519, key)
    trusted = not settings.seal_trust or signer.key in Trust.parse(settings.seal_trust).good
    return Sealer(signer, VERSION, settings.build_commit, trusted)
