"""Passwords as Argon2id hashes (RFC 9106), computed beside the event loop and never more than one a core."""

import asyncio
import os
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second recommended setting: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_A_TIME = asyncio.Semaphore(os.cpu_count() or 2)


async def hashed(password: str) -> str:
    async with _AT_A_TIME:
        return await asyncio.to_thread(_HASHER.hash, password)


async def hashed_all(passwords: Sequence[str]) -> list[str]:
    return list(await asyncio.gather(*(hashed(password) for password in passwords)))


async def matches(stored: str | None, password: str) -> bool:
    """Takes the same time when there is nothing stored."""
    async with _AT_A_TIME:
        return await asyncio.to_thread(_verify, stored, password)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
