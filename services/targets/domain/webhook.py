"""Outside channels: where messages may go, how they are signed, when they are tried again."""

import hashlib
import hmac
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult

from kernel.errors import Invalid

#: What can be told to an outside channel.
KINDS: Final = ("reminder", "supervision_note", "digest")
#: Waits before the second, third … attempt; then the delivery is given up.
BACK_OFF: Final = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
SIGNATURE: Final = "Kaohe-Signature"


class WebhookAddressRefused(Invalid):
    code = "webhook-address-refused"
    zh = "地址 {host} 不在运维允许的外发名单内(KAOHE_WEBHOOK_HOSTS),或不是 http(s) 地址"
    en = "{host} is not among the hosts that the operator allows (KAOHE_WEBHOOK_HOSTS), or this is no http(s) address"


def ensure_address(address: SplitResult, hosts: str) -> None:
    """`hosts`: "host" or "host:port", parted by commas. No user, no fragment, nothing but http and https."""
    allowed = {part.strip().lower() for part in hosts.split(",") if part.strip()}
    try:
        host, port = (address.hostname or "").lower(), address.port
    except ValueError:
        host, port = "", None
    named = {host} if port is None else {f"{host}:{port}"}
    plain = address.scheme in {"http", "https"} and not address.username and not address.fragment
    if not host or not plain or not named & allowed:
        raise WebhookAddressRefused(host=address.netloc[:200] or "-")


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """`t=<seconds>,v1=<hex>`: HMAC-SHA-256 over the time in seconds, a full stop, and the body as sent."""
    mac = hmac.new(secret, b"%d." % timestamp + body, hashlib.sha256)
    return f"t={timestamp},v1={mac.hexdigest()}"


def next_attempt(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
