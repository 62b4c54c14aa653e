"""Settings of `org` beside the kernel's."""

from datetime import timedelta
from typing import Literal

from kernel.settings import ServiceSettings


class OrgSettings(ServiceSettings):
    password_policy: Literal["mlps3", "nist"] = "mlps3"  # noqa: S105 -- the name of a policy
    """`mlps3`: complexity and expiry as GB/T 22239-2019 level 3 asks; `nist`: length and a list of common passwords."""
    session_idle: timedelta = timedelta(minutes=30)
    session_absolute: timedelta = timedelta(hours=8)
    administrator_idle: timedelta = timedelta(minutes=10)
    administrator_absolute: timedelta = timedelta(hours=1)
    machine_key_life: timedelta = timedelta(days=365)
    """The longest that a machine account may be approved for."""
    roster_max_bytes: int = 20 * 1024 * 1024
    """Largest roster workbook."""
