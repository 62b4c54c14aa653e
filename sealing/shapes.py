"""The exact members of every sealed object. The stand-alone verifiers carry the same table; a test holds them equal.

A shape is an object of shapes, a list of one shape, or a word: `text` is not empty, `hash` 64 and `key_id` 8 digits of
lower-case hex, `count` an integer from 0, `=a|b` one of those words, `@name` another shape, `?` at the end: or null.
"""

import re
from typing import Any, Final

from sealing.refusal import Refused

_LINE: Final = {
    "entry_id": "uuid",
    "event_id": "uuid",
    "content_hash": "hash",
    "indicator": "text?",
    "points_milli": "integer",
    "reason_code": "text",
    "occurred_at": "moment",
    "attachments_sha256": ["hash"],
}

_ABOUT: Final = {"deployment": "text", "period": "text", "seal_no": "count", "salt": "hash"}

SHAPES: Final[dict[str, Any]] = {
    "line": _LINE,
    "adjustment": {"leaf_sha256": "hash", "seal_no": "count", "reason": "text", "approvers": ["text"]},
    "rule_set": {"id": "text", "version": "text", "sha256": "hash"},
    "oa/officer-statement/1": {
        "_t": "=oa/officer-statement/1",
        **_ABOUT,
        "officer": "text",
        "name_hash": "hash",
        "unit": "text",
        "unit_leaf_key": "text",
        "rule_set": "@rule_set",
        "lines": ["@line"],
        "total_milli": "integer",
        "adjustments": ["@adjustment"],
    },
    "oa/unit-statement/1": {
        "_t": "=oa/unit-statement/1",
        **_ABOUT,
        "unit": "text",
        "rule_set": "@rule_set",
        "rule": "text",
        "lines": ["@line"],
        "own_milli": "integer",
        "members": ["hash"],
        "total_milli": "integer",
        "adjustments": ["@adjustment"],
    },
    "oa/system-statement/1": {
        "_t": "=oa/system-statement/1",
        **_ABOUT,
        "subject": "text",
        "sha256": "hash",
        "count": "count",
    },
    "oa/seal/1": {
        "_t": "=oa/seal/1",
        "origin": "text",
        "seal_no": "count",
        "prev_seal_sha256": "hash?",
        "kind": "=main|supplement",
        "supplements": "count?",
        "period": "text",
        "opened_at": "moment",
        "cutoff_at": "moment",
        "sealed_at": "moment",
        "tree": {"size": "count", "root_sha256": "hash", "root_sm3": "hash?"},
        "inputs": [{"stream": "text", "epoch": "count", "seq": "count", "hash": "hash"}],
        "ledger_head": {"seq": "count", "hash": "hash"},
        "counts": {
            "officers": "count",
            "units": "count",
            "submissions_accepted": "count",
            "submissions_rejected": "count",
            "ledger_entries": "count",
            "skipped": "count",
        },
        "sums": {
            "total_milli": "integer",
            "by_indicator": [{"indicator": "text?", "points_milli": "integer"}],
        },
        "rule_set_sha256": "hash",
        "org_snapshot_sha256": "hash",
        "attachments_root": "hash",
        "software": {"version": "text", "commit": "text", "image_digest": "text?"},
        "keys": ["key_id"],
    },
    "proof": {"alg": "=sha256|sm3", "index": "count", "size": "count", "path": ["hash"]},
    "oa/receipt/1": {
        "_t": "=oa/receipt/1",
        "leaf": "@leaf",
        "period_proof": "@proof",
        "period_proof_sm3": "@proof?",
        "seal": "@oa/seal/1",
        "seal_tlog_proof": "lines",
        "keys": [
            {
                "name": "text",
                "key_id": "key_id",
                "alg": "=ed25519|ed25519_cosignature|sm2_with_sm3",
                "public": "hex",
            }
        ],
    },
}

SHAPES["supplement"] = {
    "leaf": "@leaf",
    "period_proof": "@proof",
    "period_proof_sm3": "@proof?",
    "seal": "@oa/seal/1",
    "log_proof": "@proof",
}
SHAPES["oa/receipt/2"] = {
    **SHAPES["oa/receipt/1"],
    "_t": "=oa/receipt/2",
    "supplements": ["@supplement"],
}

#: What `@leaf` may be.
LEAVES: Final = ("oa/officer-statement/1", "oa/unit-statement/1", "oa/system-statement/1")

WORDS: Final = {
    "text": re.compile(r"(?s).+"),
    "lines": re.compile(r"(?s).+"),
    "hash": re.compile("[0-9a-f]{64}"),
    "hex": re.compile("([0-9a-f]{2})+"),
    "key_id": re.compile("[0-9a-f]{8}"),
    "uuid": re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "moment": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"),
}


def check(value: object, shape: Any) -> None:
    """Raises `Refused` with the first place that does not fit."""
    if not _fits(value, shape):
        raise Refused("not_a_receipt", _misfit(value, shape, "") or "members")


def _fits(value: Any, shape: Any) -> bool:
    """Of the exact types that JSON gives: a bool is no integer."""
    if type(shape) is dict:
        return (
            type(value) is dict
            and value.keys() == shape.keys()
            and all(_fits(value[name], inner) for name, inner in shape.items())
        )
    if type(shape) is list:
        return type(value) is list and all(_fits(item, shape[0]) for item in value)
    word = shape
    if word.endswith("?"):
        if value is None:
            return True
        word = word[:-1]
    if word.startswith("@"):
        return _fits(value, _named(value, word[1:]))
    return _is(value, word)


def _is(value: Any, word: str) -> bool:
    if type(value) is str:
        if word.startswith("="):
            return value in word[1:].split("|")
        pattern = WORDS.get(word)
        return pattern is not None and pattern.fullmatch(value) is not None
    return type(value) is int and (word == "integer" or (word == "count" and value >= 0))


def _misfit(value: Any, shape: Any, place: str) -> str | None:
    """The first place that does not fit; None when everything does."""
    if type(shape) is str and shape.startswith("@") and value is not None:
        shape = _named(value, shape[1:].removesuffix("?"))
    parts: list[tuple[str, Any, Any]] = []
    if type(shape) is dict and type(value) is dict and value.keys() == shape.keys():
        parts = [(f"{place}.{name}", value[name], inner) for name, inner in shape.items()]
    elif type(shape) is list and type(value) is list:
        parts = [(f"{place}[{index}]", item, shape[0]) for index, item in enumerate(value)]
    elif not _fits(value, shape):
        return place
    return next((found for at, item, inner in parts if (found := _misfit(item, inner, at)) is not None), None)


def _named(value: object, name: str) -> Any:
    if name != "leaf":
        return SHAPES[name]
    kind = value.get("_t") if isinstance(value, dict) else None
    return SHAPES[kind] if kind in LEAVES else {}
