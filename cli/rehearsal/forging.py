"""What somebody with the database and the platform's own key could make: a receipt with a better score that fits itself."""

import json
from typing import Any

from sealing.keys import Signer
from sealing.log import SealLog
from sealing.note import Note
from sealing.profile import encode
from sealing.receipt import Place, build
from sealing.tree import PeriodTree

BETTER_BY = 1000  # thousandths


def forge(leaves: list[str], seals: list[str], log_index: int, subject: str, stolen: Signer) -> bytes:
    """The receipt of `subject` with one more point: leaf, tree, seal statement, log and signature all made anew."""
    statements = [json.loads(leaf) for leaf in leaves]
    for statement in statements:
        if statement.get("officer") == subject:
            statement["lines"][0]["points_milli"] += BETTER_BY
            statement["total_milli"] += BETTER_BY
    tree = PeriodTree(statements)
    log = SealLog(stolen.name)
    forged: dict[str, Any] = {}
    for index, text in enumerate(seals[: log_index + 1]):
        seal = json.loads(text)
        if index == log_index:
            seal |= {"tree": tree.head, "prev_seal_sha256": log.head}
            seal["sums"]["total_milli"] += BETTER_BY
            forged = seal
        log.append(json.loads(encode(seal)))
    note = Note(log.checkpoint().text).signed(stolen)
    return build(Place(tree, tree.index("officer", subject), forged), log, note, [stolen.key])
