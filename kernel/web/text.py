"""Texts and numbers as people type them, made orderly before any rule sees them."""

import unicodedata
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_ALLOWED_CONTROLS = "\n\t"


def orderly(value: object) -> object:
    """NFC, stripped; refuses control characters, NUL and lone surrogates."""
    if not isinstance(value, str):
        return value
    text = unicodedata.normalize("NFC", value).strip()
    if any((unicodedata.category(c) in {"Cc", "Cs"}) and c not in _ALLOWED_CONTROLS for c in text):
        raise PydanticCustomError("control_characters", "contains control characters")
    return text


def _plain(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise PydanticCustomError("finite_number", "Input should be a finite number")
    return value + 0  # minus zero becomes zero


Orderly = BeforeValidator(orderly)
Name = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=500)]
OptionalLine = Annotated[str, Orderly, StringConstraints(max_length=500)]
Note = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=2000)]
Code = Annotated[str, Orderly, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
Search = Annotated[str, Orderly, StringConstraints(max_length=100)]

Quantity = Annotated[
    Decimal, Field(ge=0, max_digits=16, decimal_places=4, allow_inf_nan=False), AfterValidator(_plain)
]
Points = Annotated[
    Decimal, Field(max_digits=12, decimal_places=3, allow_inf_nan=False), AfterValidator(_plain)
]
