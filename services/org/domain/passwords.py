"""What a password must be like (GB/T 22239-2019 8.1.4, or NIST SP 800-63B)."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.errors import Invalid

MLPS3_CLASSES = 3
NIST_LENGTH = 12
LONGEST = 200
#: How many hashes are kept; how many of them count, the bureau sets.
KEPT = 24
#: Enough to stop the first tries of a guesser; compared in lower case, letters and digits only.
COMMON = frozenset(
    [
        "password",
        "password1",
        "password12",
        "password123",
        "password1234",
        "password12345",
        "123456789012",
        "qwertyuiop12",
        "administrator",
        "iloveyou1234",
        "welcome12345",
        "letmein12345",
        "admin1234567",
        "abc123456789",
        "aaaaaaaaaaaa",
        "111111111111",
        "000000000000",
        "qwerty123456",
        "p4ssw0rd1234",
        "changeme1234",
        "woaini123456",
        "woaini1314520",
        "a123456789012",
        "jingcha110110",
        "gongan110110",
    ]
)


class Policy(StrEnum):
    MLPS3 = "mlps3"
    NIST = "nist"


@dataclass(frozen=True, slots=True)
class Demands:
    """What the bureau asks beside its policy: characters at least, days of life, former passwords that do not come again."""

    length: int
    life: timedelta
    former: int


class PasswordWeak(Invalid):
    code = "password-weak"
    zh = "口令不符合要求:{reason_zh}"
    en = "The password is not good enough: {reason_en}"


def check_password(policy: Policy, demands: Demands, password: str, *, username: str) -> None:
    """Raises PasswordWeak naming the first rule that is broken."""
    shortest = least(policy, demands)
    if not shortest <= len(password) <= LONGEST:
        raise PasswordWeak(
            reason_zh=f"长度须为 {shortest} 至 {LONGEST} 位",
            reason_en=f"it needs {shortest} to {LONGEST} characters",
        )
    if username.lower() in password.lower():
        raise PasswordWeak(reason_zh="不得包含用户名", reason_en="it must not contain the user name")
    if policy is Policy.MLPS3 and character_classes(password) < MLPS3_CLASSES:
        raise PasswordWeak(
            reason_zh="须含大写字母、小写字母、数字、符号中的三类",
            reason_en="it needs three of: upper case, lower case, digits, symbols",
        )
    if policy is Policy.NIST and "".join(c for c in password.lower() if c.isalnum()) in COMMON:
        raise PasswordWeak(reason_zh="过于常见", reason_en="it is too common")


def least(policy: Policy, demands: Demands) -> int:
    return demands.length if policy is Policy.MLPS3 else max(demands.length, NIST_LENGTH)


def rules(policy: Policy, demands: Demands) -> list[tuple[str, str, str]]:
    """Code, Chinese and English of each rule that `check_password` holds a new password to."""
    shortest = least(policy, demands)
    shared = [
        ("length", f"长度 {shortest} 至 {LONGEST} 位", f"{shortest} to {LONGEST} characters"),
        ("username", "不包含用户名", "does not contain the user name"),
        ("former", f"与最近 {demands.former} 个口令不同", f"differs from the last {demands.former}"),
    ]
    if policy is Policy.MLPS3:
        return [
            *shared,
            (
                "classes",
                "含大写字母、小写字母、数字、符号中的三类",
                "three of: upper case, lower case, digits, symbols",
            ),
        ]
    return [*shared, ("common", "不是常见口令", "not a common one")]


def character_classes(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit, lambda c: not c.isalnum())
    return sum(any(test(c) for c in password) for test in tests)


def expires(policy: Policy, changed_at: datetime, demands: Demands) -> datetime | None:
    """When a password must be changed again; None: never."""
    return changed_at + demands.life if policy is Policy.MLPS3 else None


def one_time_password() -> str:
    """Random, to be read from a slip: no look-alike characters, groups of four, satisfies both policies."""
    letters = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
    while True:
        groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
        password = "-".join(groups)
        if character_classes(password) == MLPS3_CLASSES + 1:
            return password
