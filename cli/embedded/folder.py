"""The data folder of an embedded platform: everything it keeps is below it."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from contracts.catalog import SERVICES
from kernel.local.keys import key_pair
from kernel.local.provisioning import Credentials
from sealing.keylist import trust_list


class FolderInUse(RuntimeError):
    """Another platform runs on this folder."""


@dataclass(frozen=True)
class Secrets:
    """Made at the first start, never printed, readable by the owner only."""

    databases: dict[str, Credentials]
    token_private_key: str
    token_public_key: str
    service_keys: dict[str, str]
    service_public_keys: dict[str, str]


@dataclass(frozen=True)
class SealKey:
    """What seals are signed with: the log's name, the private key (PEM), and the list of keys that verifiers trust."""

    origin: str
    private: str
    trust: str


class DataFolder:
    """Held by one process at a time: `with DataFolder(path) as folder`."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        for part in ("postgres", "objects", "logs", "secrets", "spool"):
            (self.path / part).mkdir(parents=True, exist_ok=True)
        (self.path / "secrets").chmod(0o700)
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(str(self.path)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)

    def secrets(self) -> Secrets:
        """Read them, or make them at the first start."""
        file = self.path / "secrets" / "platform.json"
        if not file.exists():
            self._write(file, self._new_secrets())
        stored = json.loads(file.read_text())
        if "service_keys" not in stored:  # a folder from the time of one key for all
            stored |= _service_keys()
            self._write(file, json.dumps(stored))
        return Secrets(
            databases={name: Credentials(**given) for name, given in stored["databases"].items()},
            token_private_key=stored["token_private_key"],
            token_public_key=stored["token_public_key"],
            service_keys=stored["service_keys"],
            service_public_keys=stored["service_public_keys"],
        )

    def seal_key(self) -> SealKey:
        """Made at the first start, apart from the other secrets: it goes to the safe when the platform grows up.

        `secrets/keys.txt` is the trust list; witnesses' keys are added to it by hand.
        """
        file, trust = self.path / "secrets" / "seal.json", self.path / "secrets" / "keys.txt"
        if not file.exists():
            private, _ = key_pair()
            origin = f"kaohe.{secrets.token_hex(4)}.trial/seal"
            self._write(trust, trust_list(origin, private))
            self._write(file, json.dumps({"origin": origin, "private": private}))
        return SealKey(**json.loads(file.read_text()), trust=trust.read_text())

    def _new_secrets(self) -> str:
        private, public = key_pair()
        databases = {
            name: {"owner": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)} for name in SERVICES
        }
        return json.dumps(
            {
                "databases": databases,
                "token_private_key": private,
                "token_public_key": public,
                **_service_keys(),
            }
        )

    def _write(self, file: Path, content: str) -> None:
        """All or nothing: a half-written file of secrets would lock the platform out of its own data."""
        draft = file.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)


def _service_keys() -> dict[str, dict[str, str]]:
    pairs = {name: key_pair() for name in SERVICES}
    return {
        "service_keys": {name: private for name, (private, _) in pairs.items()},
        "service_public_keys": {name: public for name, (_, public) in pairs.items()},
    }
