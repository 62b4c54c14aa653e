"""One-time codes of an authenticator (RFC 6238): optional, for administrators."""

from datetime import datetime

import pyotp

from kernel.errors import Conflict, Unauthenticated

ISSUER = "Kaohe"
INTERVAL_S = 30
#: One interval early or late: clocks of phones differ.
DRIFT = 1


class CodeNeeded(Unauthenticated):
    code = "totp-needed"
    zh = "请输入验证器上的 6 位动态码"
    en = "Enter the six digits of the authenticator"


class CodeWrong(Unauthenticated):
    code = "totp-wrong"
    zh = "动态码不正确或已使用"
    en = "The code is wrong, or was used already"


class CodeNotAsked(Conflict):
    code = "totp-not-begun"
    zh = "请先获取验证器密钥"
    en = "Get a key for the authenticator first"


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, username: str) -> str:
    """What the authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)


def step_of(secret: str, code: str, *, now: datetime, after: int) -> int:
    """The number of the interval whose code it is; raises CodeWrong, also for one that is not later than `after`."""
    totp = pyotp.TOTP(secret, interval=INTERVAL_S)
    present = int(now.timestamp()) // INTERVAL_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > after and pyotp.utils.strings_equal(code, totp.generate_otp(step)):
            return step
    raise CodeWrong
