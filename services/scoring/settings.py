"""What `scoring` is told from outside, beside the kernel's settings."""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field, SecretStr, field_validator

from kernel.settings import ServiceSettings
from sealing.lines import is_key_name
from sealing.trust import Trust


class ScoringSettings(ServiceSettings):
    seal_origin: str = ""
    """Name of this deployment's seal log and of its key, such as `seal.example.gov.cn/city`; no spaces, no plus sign."""
    seal_key: SecretStr | None = None
    """PEM of the Ed25519 key that seals are signed with. Without it, and a name, no period can be sealed."""
    seal_trust: str = ""
    """The list of trusted keys (`keys.txt`): whose cosignatures are taken. A file in the folder of secrets may hold it."""
    seal_witnessed: Path | None = None
    """Folder with the checkpoints that witnesses keep (the `last.txt` of each); the log is compared with them each night."""
    evidence_copies: Path | None = None
    """Folder with the second copy of all files, as `kaohe objects save` writes it. If set, nothing is sealed without it."""
    entry_appeal_second_days: int = Field(default=5, ge=1, le=60)
    """Days after the decision on an appeal against an entry in which the second instance may be asked for."""
    attendance_max_bytes: int = 20 * 1024 * 1024
    """Limit of one attendance workbook."""
    build_commit: str = "unknown"
    """Commit that this build was made from; written into every seal."""

    @field_validator("seal_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        """At start-up, not on the day of the seal."""
        if value is not None and not isinstance(
            load_pem_private_key(value.get_secret_value().encode(), password=None), Ed25519PrivateKey
        ):
            raise ValueError("not the PEM of an Ed25519 private key")
        return value

    @field_validator("seal_origin")
    @classmethod
    def _is_a_name(cls, value: str) -> str:
        if value and not is_key_name(value):
            raise ValueError("a key name has no spaces and no plus sign")
        return value

    @field_validator("seal_trust")
    @classmethod
    def _is_a_list(cls, value: str) -> str:
        if value:
            Trust.parse(value)
        return value
