#!/usr/bin/env python3
"""核验封存回执 / Verify a receipt of a sealed period. Needs Python 3.7 or newer, nothing else, and no network.

    python3 verify_receipt.py receipt.json --trust keys.txt [--checkpoint board.txt] [--consistency proof.txt] [FILE ...]

FILE: 自己的附件 / own attachments. 退出码 / exit code: 0 已封存且未改动 verified, 1 未通过 not verified,
2 输入无法使用 unusable input. Written apart from the package `sealing`: the tables are shared, the code is not.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

# the tables (written by `python -m sealing.standalone.tables`)
TABLES: Dict[str, Any] = json.loads(
    r"""{
 "shapes": {
  "line": {"entry_id": "uuid", "event_id": "uuid", "content_hash": "hash", "indicator": "text?", "points_milli": "integer", "reason_code": "text", "occurred_at": "moment", "attachments_sha256": ["hash"]},
  "adjustment": {"leaf_sha256": "hash", "seal_no": "count", "reason": "text", "approvers": ["text"]},
  "rule_set": {"id": "text", "version": "text", "sha256": "hash"},
  "oa/officer-statement/1": {"_t": "=oa/officer-statement/1", "deployment": "text", "period": "text", "seal_no": "count", "salt": "hash", "officer": "text", "name_hash": "hash", "unit": "text", "unit_leaf_key": "text", "rule_set": "@rule_set", "lines": ["@line"], "total_milli": "integer", "adjustments": ["@adjustment"]},
  "oa/unit-statement/1": {"_t": "=oa/unit-statement/1", "deployment": "text", "period": "text", "seal_no": "count", "salt": "hash", "unit": "text", "rule_set": "@rule_set", "rule": "text", "lines": ["@line"], "own_milli": "integer", "members": ["hash"], "total_milli": "integer", "adjustments": ["@adjustment"]},
  "oa/system-statement/1": {"_t": "=oa/system-statement/1", "deployment": "text", "period": "text", "seal_no": "count", "salt": "hash", "subject": "text", "sha256": "hash", "count": "count"},
  "oa/seal/1": {"_t": "=oa/seal/1", "origin": "text", "seal_no": "count", "prev_seal_sha256": "hash?", "kind": "=main|supplement", "supplements": "count?", "period": "text", "opened_at": "moment", "cutoff_at": "moment", "sealed_at": "moment", "tree": {"size": "count", "root_sha256": "hash", "root_sm3": "hash?"}, "inputs": [{"stream": "text", "epoch": "count", "seq": "count", "hash": "hash"}], "ledger_head": {"seq": "count", "hash": "hash"}, "counts": {"officers": "count", "units": "count", "submissions_accepted": "count", "submissions_rejected": "count", "ledger_entries": "count", "skipped": "count"}, "sums": {"total_milli": "integer", "by_indicator": [{"indicator": "text?", "points_milli": "integer"}]}, "rule_set_sha256": "hash", "org_snapshot_sha256": "hash", "attachments_root": "hash", "software": {"version": "text", "commit": "text", "image_digest": "text?"}, "keys": ["key_id"]},
  "proof": {"alg": "=sha256|sm3", "index": "count", "size": "count", "path": ["hash"]},
  "oa/receipt/1": {"_t": "=oa/receipt/1", "leaf": "@leaf", "period_proof": "@proof", "period_proof_sm3": "@proof?", "seal": "@oa/seal/1", "seal_tlog_proof": "lines", "keys": [{"name": "text", "key_id": "key_id", "alg": "=ed25519|ed25519_cosignature|sm2_with_sm3", "public": "hex"}]},
  "supplement": {"leaf": "@leaf", "period_proof": "@proof", "period_proof_sm3": "@proof?", "seal": "@oa/seal/1", "log_proof": "@proof"},
  "oa/receipt/2": {"_t": "=oa/receipt/2", "leaf": "@leaf", "period_proof": "@proof", "period_proof_sm3": "@proof?", "seal": "@oa/seal/1", "seal_tlog_proof": "lines", "keys": [{"name": "text", "key_id": "key_id", "alg": "=ed25519|ed25519_cosignature|sm2_with_sm3", "public": "hex"}], "supplements": ["@supplement"]}
 },
 "leaves": ["oa/officer-statement/1", "oa/unit-statement/1", "oa/system-statement/1"],
 "steps": {
  "input": ["读取回执", "Read the receipt"],
  "leaf": ["计算报表指纹", "Fingerprint of the statement"],
  "period_tree": ["在本期封存树中", "In the sealed tree of the period"],
  "sums": ["合计与规则", "Total and rules"],
  "seal_log": ["在封存日志中", "In the seal log"],
  "supplements": ["补充封存", "Supplement seals"],
  "signatures": ["签名", "Signatures"],
  "notice_board": ["与公告栏核对", "Compared with the notice board"],
  "consistency": ["日志只增不改", "The log only grew"],
  "attachments": ["附件", "Attachments"],
  "verdict": ["结论", "Verdict"]
 },
 "passed": {
  "input": ["回执格式规范,公钥清单可用。", "The receipt is in its one canonical form and the key list can be used."],
  "input_versioned": ["回执格式规范;公钥清单第 {version} 版可用,首版指纹 {first}(与考核办法所印核对)。", "The receipt is in its one canonical form; version {version} of the key list can be used. Fingerprint of the first version, as in the regulation: {first}"],
  "leaf": ["报表指纹:{hash}", "Fingerprint of the statement: {hash}"],
  "period_tree": ["本报表是本期封存树 {size} 份中的第 {number} 份(SHA-256)。", "This is statement {number} of {size} in the sealed tree of the period (SHA-256)."],
  "period_tree_sm3": ["本报表是本期封存树 {size} 份中的第 {number} 份(SHA-256 与国密 SM3 均相符)。", "This is statement {number} of {size} in the sealed tree of the period (SHA-256 and SM3)."],
  "sums": ["{lines} 条明细之和等于合计 {points} 分,规则与封存书所载一致。", "The {lines} lines add up to {points} points; the rules are those named in the seal."],
  "sums_unit": ["本单位 {lines} 条明细之和等于 {points} 分,规则与封存书所载一致。", "The unit's own {lines} lines add up to {points} points; the rules are those named in the seal."],
  "sums_system": ["系统记录,不含分数。", "A record of the system, without points."],
  "seal_log": ["封存书是封存日志 {size} 条中的第 {number} 条。", "The seal is entry {number} of {size} in the seal log."],
  "supplements": ["{count} 次补充封存依次取代前一份报表,理由与批准人齐全;现为 {points} 分。", "{count} supplement seals, each in the place of the statement before, with reason and approvers; now {points} points."],
  "signatures": ["系统签名有效;{count} 名见证人签名有效(至少须 {quorum} 名)。", "Signed by the system and by {count} witnesses (at least {quorum} are needed)."],
  "notice_board": ["与公告栏的检查点一致:同一日志、同一规模、同一根。", "The same log, size and root as on the notice board."],
  "notice_board_size": ["同一日志,公告栏的规模为 {size},由下一步比较。", "The same log; the board shows size {size}, which the next step compares."],
  "consistency": ["规模 {new} 的日志由规模 {old} 的日志只增不改而来。", "The log of size {new} grew out of the log of size {old}; nothing was changed."],
  "attachments": ["{count} 个文件与报表所列附件指纹一致。", "{count} files have fingerprints that the statement lists."],
  "verdict": ["已封存且未改动。", "Included and unaltered."]
 },
 "skipped": {
  "supplements": ["回执中没有补充封存。以后若有更正,请重新下载回执。", "No supplement in this receipt. Should something be corrected later, download a new one."],
  "notice_board": ["未提供。请与公告栏或同事的回执核对:日志 {origin},规模 {size},根 {root}", "Not given. Compare with the notice board or a colleague's receipt: log {origin}, size {size}, root {root}"],
  "consistency": ["没有另一规模的检查点。", "No checkpoint of another size."],
  "attachments": ["未提供附件文件。", "No files given."]
 },
 "failed": {
  "not_canonical": ["文件不是规范编码:被改动过、被其他程序另存过,或不完整。", "The file is not in canonical form: altered, saved again by another program, or incomplete."],
  "not_a_receipt": ["不是回执,或有不认识的、缺少的、格式不对的字段。", "Not a receipt, or a member is unknown, missing or of the wrong form."],
  "key_id_wrong": ["回执所列公钥与其编号不符。", "A key listed in the receipt does not fit its id."],
  "trust_unusable": ["公钥清单无法使用。", "The list of trusted keys cannot be used."],
  "trust_not_vouched": ["公钥清单的新版本没有得到前一版密钥与见证人的签名,或与前一版不相接。", "A new version of the key list is not signed by keys of the version before, or does not follow it."],
  "board_unusable": ["公告栏检查点无法读取。", "The notice-board checkpoint cannot be read."],
  "consistency_unusable": ["一致性证明无法读取。", "The consistency proof cannot be read."],
  "size_differs": ["证明所说的树的大小与封存书不同。", "The proof is for a tree of another size than the seal's."],
  "not_in_tree": ["报表不在本期封存树中,或内容已被改动。", "The statement is not in the sealed tree of the period, or was altered."],
  "sm3_differs": ["国密 SM3 证明缺失、多余,或与封存书的根不符。", "The SM3 proof is missing, uncalled for, or does not lead to the root in the seal."],
  "other_seal": ["报表与封存书的期间或封存编号不同。", "The statement names another period or seal than the seal itself."],
  "sum_differs": ["明细之和不等于合计。", "The lines do not add up to the total."],
  "lines_unordered": ["明细没有按编号排列,或有重复。", "The lines are not in the order of their ids, or one stands twice."],
  "rule_set_differs": ["报表所用规则与封存书所载不同。", "The statement was made under other rules than those named in the seal."],
  "supplement_foreign": ["补充封存不属于这份报表:对象、期间或所补充的封存编号不同。", "A supplement is not to this statement: another subject, period or seal."],
  "supplement_unreasoned": ["补充封存没有写明所取代的报表、理由,或没有两名批准人。", "A supplement does not name the statement it replaces, a reason and two approvers."],
  "log_proof_malformed": ["封存日志证明格式不对。", "The proof of the seal log is malformed."],
  "note_malformed": ["检查点格式不对。", "The checkpoint is malformed."],
  "origin_differs": ["检查点属于另一本日志。", "The checkpoint is of another log."],
  "not_in_log": ["封存书不在封存日志中,或内容已被改动。", "The seal is not in the seal log, or was altered."],
  "signature_missing": ["回执列出的一把公钥在检查点上没有签名。", "A key listed in the receipt has not signed the checkpoint."],
  "signature_wrong": ["检查点上有一个签名无效。", "A signature on the checkpoint is wrong."],
  "system_signature_missing": ["没有受信的系统签名。", "No trusted system key has signed the checkpoint."],
  "key_compromised": ["签名的系统密钥已声明泄露,且此前没有足够的见证签名。请重新下载回执。", "The system key that signed is declared compromised, and too few witnesses had signed before. Download a new receipt."],
  "witnesses_missing": ["受信见证人的签名不足。", "Too few trusted witnesses have signed the checkpoint."],
  "board_origin_differs": ["公告栏上是另一本日志。", "The notice board shows another log."],
  "board_root_differs": ["与公告栏规模相同而根不同:存在两本不同的日志。请保留回执并报告纪检部门。", "Same size as on the notice board, other root: there are two different logs. Keep the receipt; report it."],
  "consistency_missing": ["公告栏的规模不同,须提供一致性证明,或索取与公告栏同一检查点的回执。", "The board shows another size: a consistency proof is needed, or a receipt for the board's checkpoint."],
  "consistency_wrong": ["两个检查点不属于同一本只增不改的日志。请保留回执并报告纪检部门。", "The two checkpoints are not of one log that only grew. Keep the receipt; report it."],
  "attachment_unknown": ["有文件不在报表所列附件之中,或内容已被改动。", "A file is not among the attachments of the statement, or was altered."]
 },
 "not_verified": ["未通过核验:第 {number} 步“{title}”。", "Not verified: step {number}, “{title}”."],
 "unusable": ["输入无法使用,未作核验。", "The input cannot be used; nothing was verified."]
}"""
)
# end of the tables

MAX_SAFE = 2**53 - 1
MAX_BYTES = 2**20
MAX_DEPTH = 16


class Refused(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


# --- canonical JSON: the text is read, written again by the rules, and must come out the same, byte for byte


def canonical(value: Any) -> bytes:
    return write(value, 1, lines=False).encode("utf-8")


def read(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise Refused("not_canonical", "more than 1 MiB")
    try:
        value = json.loads(data.decode("utf-8"))
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Refused("not_canonical", type(error).__name__) from error
    if again != data:
        raise Refused("not_canonical", "another encoding")
    return value


def write(value: Any, depth: int, *, lines: bool) -> str:
    if depth > MAX_DEPTH:
        raise Refused("not_canonical", "too deep")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and -MAX_SAFE <= value <= MAX_SAFE:
        return str(value)
    if isinstance(value, str):
        return write_text(value, lines=lines)
    if isinstance(value, list):
        return "[" + ",".join(write(item, depth + 1, lines=False) for item in value) + "]"
    if isinstance(value, dict):
        if not all(re.fullmatch("[a-z0-9_]+", key) for key in value):
            raise Refused("not_canonical", "key")
        members = (
            f'"{key}":{write(value[key], depth + 1, lines=key == "seal_tlog_proof")}' for key in sorted(value)
        )
        return "{" + ",".join(members) + "}"
    raise Refused("not_canonical", "a number with a fraction, or too large")


def write_text(text: str, *, lines: bool) -> str:
    if any((c < " " and not (lines and c == "\n")) or "\ud800" <= c <= "\udfff" for c in text):
        raise Refused("not_canonical", "control character")
    if unicodedata.normalize("NFC", text) != text:
        raise Refused("not_canonical", "text is not NFC")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# --- the members an object must have


WORDS = {
    "text": "(?s:.+)",
    "lines": "(?s:.+)",
    "hash": "[0-9a-f]{64}",
    "hex": "(?:[0-9a-f]{2})+",
    "key_id": "[0-9a-f]{8}",
    "uuid": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "moment": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",
}


def check(value: Any, shape: Any, place: str) -> None:
    if isinstance(shape, dict):
        if not isinstance(value, dict) or set(value) != set(shape):
            raise Refused("not_a_receipt", place)
        for name in shape:
            check(value[name], shape[name], f"{place}.{name}")
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise Refused("not_a_receipt", place)
        for index, item in enumerate(value):
            check(item, shape[0], f"{place}[{index}]")
    elif not (shape.endswith("?") and value is None):
        check_word(value, shape.rstrip("?"), place)


def check_word(value: Any, word: str, place: str) -> None:
    if word == "@leaf":
        word = "@" + str(value.get("_t")) if isinstance(value, dict) else "@"
        if word[1:] not in TABLES["leaves"]:
            raise Refused("not_a_receipt", place)
    if word.startswith("@"):
        check(value, TABLES["shapes"][word[1:]], place)
        return
    if word.startswith("="):
        fits = isinstance(value, str) and value in word[1:].split("|")
    elif word in {"count", "integer"}:
        fits = type(value) is int and (word == "integer" or value >= 0)
    else:
        fits = isinstance(value, str) and re.fullmatch(WORDS[word], value) is not None
    if not fits:
        raise Refused("not_a_receipt", place)


# --- hashes and trees


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def rotate(x: int, n: int) -> int:
    n %= 32
    return ((x << n) | (x >> (32 - n))) & 0xFFFFFFFF


def sm3(data: bytes) -> bytes:
    """GB/T 32905-2016."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        w = [int.from_bytes(padded[i : i + 4], "big") for i in range(start, start + 64, 4)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            turned = rotate(a, 12)
            ss1 = rotate(turned + e + rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            tt1 = (ff + d + (ss1 ^ turned) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            a, b, c, d = tt1, a, rotate(b, 9), c
            e, f, g, h = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17), e, rotate(f, 19), g
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905 -- Python 3.7
    return b"".join(word.to_bytes(4, "big") for word in state)


Hash = Callable[[bytes], bytes]


def leaf_hash(value: Any, digest: Hash = sha256) -> bytes:
    return digest(b"\x00" + canonical(value))


def fold(leaf: bytes, index: int, size: int, path: Sequence[bytes], digest: Hash) -> bytes | None:
    """RFC 9162 §2.1.3.2: the root the proof leads to."""
    if index >= size:
        return None
    last, root = size - 1, leaf
    for node in path:
        if last == 0:
            return None
        if index % 2 == 1 or index == last:
            root = digest(b"\x01" + node + root)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            root = digest(b"\x01" + root + node)
        index, last = index // 2, last // 2
    return root if last == 0 else None


def grew(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> bool:
    """RFC 9162 §2.1.4.2, for sizes that differ."""
    if old.size == 0:
        return not path and old.root == sha256(b"")
    nodes = list(path) if old.size & (old.size - 1) else [old.root, *path]
    if not nodes:
        return False
    index, last = old.size - 1, new.size - 1
    while index % 2 == 1:
        index, last = index // 2, last // 2
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if index % 2 == 1 or index == last:
            before, after = sha256(b"\x01" + node + before), sha256(b"\x01" + node + after)
            while index % 2 == 0 and index != 0:
                index, last = index // 2, last // 2
        else:
            after = sha256(b"\x01" + after + node)
        index, last = index // 2, last // 2
    return last == 0 and before == old.root and after == new.root


# --- signatures: Ed25519 by RFC 8032 §5.1.7, points in extended coordinates

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = Tuple[int, int, int, int]


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (x == 0 and sign):
        return None
    if x % 2 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """[S]B = R + [k]A, checked as: the encoding of [S]B - [k]A is R."""
    a = point(public)
    s = int.from_bytes(signature[32:], "little")
    if a is None or BASE is None or len(signature) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - a[0], a[1], 1, P - a[3])
    table: List[Point] = [(0, 1, 1, 0), BASE, minus, add(BASE, minus)]
    found = table[0]
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        found = add(add(found, found), table[(s >> bit & 1) + 2 * (k >> bit & 1)])
    inverse = pow(found[2], P - 2, P)
    x, y = found[0] * inverse % P, found[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- the texts of c2sp.org: keys, notes, checkpoints and proofs

KINDS = {"ed25519": b"\x01", "ed25519_cosignature": b"\x04", "sm2_with_sm3": b"\xffoa/sm2-with-sm3"}
NAME = "[^\x00-\x20\x7f-\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]+"
Line = Tuple[str, bytes, bytes]
Note = Tuple[str, List[Line]]


class Key:
    def __init__(self, name: str, kind: bytes, public: bytes) -> None:
        self.name, self.kind, self.public = name, kind, public
        self.key_id = sha256(name.encode("utf-8") + b"\n" + kind + public)[:4]
        self.by = (name, self.key_id)

    def signs(self, text: str, signature: bytes) -> bool:
        """True for the kinds that this program cannot check: they count for nothing."""
        message = text.encode("utf-8")
        if self.kind == b"\x01":
            return signed(self.public, signature, message)
        if self.kind == b"\x04":
            at = int.from_bytes(signature[:8], "big")
            head = f"cosignature/v1\ntime {at}\n".encode()
            return at < 2**63 and signed(self.public, signature[8:], head + message)
        return True


class Checkpoint:
    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or "" in lines[:-1] or re.search("[\x00-\x09\x0b-\x1f]", text):
            raise Refused("note_malformed", "checkpoint")
        size, root = number(lines[1]), unb64(lines[2])
        if size is None or root is None or len(root) != 32:
            raise Refused("note_malformed", "size or root")
        self.origin, self.size, self.root = lines[0], size, root


def unb64(text: str) -> bytes | None:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def number(text: str) -> int | None:
    fits = re.fullmatch("0|[1-9][0-9]{0,15}", text) and int(text) <= MAX_SAFE
    return int(text) if fits else None


def read_note(source: str) -> Note:
    at = source.rfind("\n\n")
    if at < 0 or not source.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", source):
        raise Refused("note_malformed", "note")
    found: List[Line] = []
    for line in source[at + 2 : -1].split("\n"):
        match = re.fullmatch(f"— ({NAME}) ([^ ]+)", line)
        data = unb64(match.group(2)) if match else None
        if not match or data is None or len(data) < 5:
            raise Refused("note_malformed", line[:80])
        found.append((match.group(1), data[:4], data[4:]))
    if len(found) > 64 or len({line[:2] for line in found}) < len(found):
        raise Refused("note_malformed", "too many signatures, or one key twice")
    return source[: at + 1], found


def read_hashes(lines: List[str], word: str, reason: str) -> Tuple[int, List[bytes]]:
    found, _, digits = lines[0].partition(" ")
    value, hashes = number(digits), [unb64(line) for line in lines[1:]]
    path = [node for node in hashes if node is not None and len(node) == 32]
    if found != word or value is None or len(path) < len(hashes) or len(path) > 63:
        raise Refused(reason, lines[0][:80])
    return value, path


def signed_at(signature: bytes) -> int:
    return int.from_bytes(signature[:8], "big")


class Trust:
    """One list of keys: of several that follow one another, the last."""

    version = 0
    first = ""

    def __init__(self, lines: Sequence[str], *, versioned: bool) -> None:
        once: Dict[str, str] = {}
        self.system: List[Key] = []
        self.witnesses: List[Key] = []
        self.limits: Dict[Tuple[str, bytes], Tuple[int, bytes, int]] = {}
        for line in lines:
            words = [word for word in re.split("[ \t\r]+", line) if word]
            if not words or words[0].startswith("#"):
                continue
            if words[0] in {"quorum", "version", "previous"} and len(words) == 2 and words[0] not in once:
                once[words[0]] = words[1]
            elif words[0] == "system" and len(words) == 2:
                self.system.append(trusted_key(words[1], b"\x01"))
            elif words[0] == "witness" and len(words) == 2:
                self.witnesses.append(trusted_key(words[1], b"\x04"))
            elif words[0] == "compromised" and len(words) == 5:
                self.read_limit(words[1:], line)
            else:
                raise Refused("trust_unusable", line[:80])
        self.keys = self.system + self.witnesses
        self.good = [key for key in self.keys if key.by not in self.limits]
        publics = {key.public for key in self.keys}
        quorum, version = number(once.get("quorum", "")), number(once.get("version", "0"))
        if (
            not self.system
            or len(publics) != len(self.keys)
            or quorum is None
            or quorum > len(self.witnesses)
        ):
            raise Refused("trust_unusable", "keys or quorum")
        if not set(self.limits) <= {key.by for key in self.keys}:
            raise Refused("trust_unusable", "a statement about a key that is not listed")
        fits = version is not None and ("version" in once) == versioned and (version > 0) == versioned
        self.quorum, self.version = quorum, version or 0
        self.previous = once.get("previous", "")
        if not fits or not re.fullmatch("[0-9a-f]{64}" if self.version > 1 else "", self.previous):
            raise Refused("trust_unusable", "version")

    def read_limit(self, words: Sequence[str], line: str) -> None:
        match = re.fullmatch(r"([^+]*)\+([0-9a-f]{8})", words[0])
        size, root, at = number(words[1]), unb64(words[2]), number(words[3])
        if not match or size is None or root is None or len(root) != 32 or at is None:
            raise Refused("trust_unusable", line[:80])
        by = (match.group(1), bytes.fromhex(match.group(2)))
        if by in self.limits:
            raise Refused("trust_unusable", line[:80])
        self.limits[by] = (size, root, at)

    def follow(self, text: str, note: Note, after: Trust) -> None:
        """`after`, with this note, comes after this list, whose text is given."""
        if after.version != self.version + 1 or after.previous != sha256(text.encode("utf-8")).hex():
            raise Refused("trust_not_vouched", "order")
        keys = {key.by: key for key in self.keys}
        for name, key_id, signature in note[1]:
            if (name, key_id) not in keys or not keys[name, key_id].signs(note[0], signature):
                raise Refused("trust_not_vouched", name)
        signers = [keys[line[:2]] for line in note[1]]
        signers = [key for key in signers if key in self.good and key.by not in after.limits]
        witnesses = len([key for key in signers if key in self.witnesses])
        enough = witnesses >= self.quorum if len(signers) > witnesses else witnesses >= max(2, self.quorum)
        if not enough or any(after.limits.get(by) != limit for by, limit in self.limits.items()):
            raise Refused("trust_not_vouched", f"version {after.version}")

    def accept(self, lines: Dict[Tuple[str, bytes], bytes], own: Checkpoint) -> int:
        """How many witnesses count. `lines` are right; raises when too few do, or no key of the system's."""

        def before(key: Key) -> bool:
            size, root, _ = self.limits[key.by]
            return own.size < size or (own.size, own.root) == (size, root)

        systems = [key for key in self.system if key.by in lines and key.name == own.origin]
        if not systems:
            raise Refused("system_signature_missing", own.origin)
        times = [signed_at(lines[key.by]) for key in self.good if key in self.witnesses and key.by in lines]
        for key in systems:
            size, root, at = self.limits.get(key.by, (own.size, own.root, 0))
            early = len([time for time in times if time <= at])
            if (size, root) == (own.size, own.root) or (before(key) and early >= max(1, self.quorum)):
                break
        else:
            raise Refused("key_compromised", f"{systems[0].name}+{systems[0].key_id.hex()}")
        count = len(times)
        for key in self.witnesses:
            if key.by in lines and key.by in self.limits and before(key):
                count += signed_at(lines[key.by]) <= self.limits[key.by][2]
        if count < self.quorum:
            raise Refused("witnesses_missing", f"{count} < {self.quorum}")
        return count


def read_trust(source: str) -> Trust:
    lines = source.split("\n")
    starts = [at for at, line in enumerate(lines) if line == "oa/keys/1"]
    if not starts:
        return Trust(lines, versioned=False)
    if any(line and line[0] != "#" for line in lines[: starts[0]]):
        raise Refused("trust_unusable", "something before the first list")
    notes: List[Note] = []
    for start, end in zip(starts, [*starts[1:], len(lines)]):  # noqa: B905 -- Python 3.7
        block = [*lines[start:end], ""]
        gap = block.index("")
        text, rest = "\n".join(block[:gap]) + "\n", [line for line in block[gap:] if line]
        try:
            notes.append(read_note("\n".join([text, *rest, ""])) if rest else (text, []))
        except Refused as refused:
            raise Refused("trust_unusable", refused.detail) from refused
    trusts: List[Trust] = []
    for at, (text, _) in enumerate(notes):
        trusts.append(Trust(text.split("\n")[1:], versioned=True))
        if at:
            trusts[-2].follow(notes[at - 1][0], notes[at], trusts[-1])
    trusts[-1].first = sha256(notes[0][0].encode("utf-8")).hex()
    return trusts[-1]


def trusted_key(vkey: str, kind: bytes) -> Key:
    match = re.fullmatch(rf"({NAME})\+([0-9a-f]{{8}})\+(.+)", vkey)
    data = unb64(match.group(3)) if match else None
    if not match or data is None or len(data) != 33 or data[:1] != kind:
        raise Refused("trust_unusable", vkey[:80])
    key = Key(match.group(1), kind, data[1:])
    if key.key_id.hex() != match.group(2):
        raise Refused("trust_unusable", vkey[:80])
    return key


# --- the steps


class Case:
    """What was given and what has been read. Every step gives its state, a sentence's name and that sentence's facts."""

    def __init__(self, files: Dict[str, Optional[bytes]], attachments: Sequence[Tuple[str, str]]) -> None:
        self.files = files
        self.attachments = attachments
        self.receipt: Any = {}
        self.keys: List[Key] = []
        self.board: Optional[Checkpoint] = None
        self.consistency: Optional[Tuple[int, List[bytes]]] = None

    def text(self, name: str, reason: str) -> str:
        try:
            return (self.files[name] or b"").decode("utf-8-sig").replace("\r\n", "\n")
        except ValueError as error:
            raise Refused(reason) from error

    def input(self) -> Said:
        self.receipt = read(self.files["receipt"] or b"")
        kind = self.receipt.get("_t") if isinstance(self.receipt, dict) else None
        second = kind == "oa/receipt/2"
        check(self.receipt, TABLES["shapes"]["oa/receipt/2" if second else "oa/receipt/1"], "")
        self.supplements: List[Dict[str, Any]] = self.receipt.get("supplements", [])
        if second and not self.supplements:
            raise Refused("not_a_receipt", "supplements")
        for part in [self.receipt, *self.supplements]:
            sm3_proof, in_log = part["period_proof_sm3"], part.get("log_proof")
            if part["period_proof"]["alg"] != "sha256" or (sm3_proof and sm3_proof["alg"] != "sm3"):
                raise Refused("not_a_receipt", "alg")
            if in_log and in_log["alg"] != "sha256":
                raise Refused("not_a_receipt", "alg")
        for listed in self.receipt["keys"]:
            key = Key(listed["name"], KINDS[listed["alg"]], bytes.fromhex(listed["public"]))
            length = 65 if listed["alg"] == "sm2_with_sm3" else 32
            if (
                not re.fullmatch(NAME, key.name)
                or len(key.public) != length
                or key.key_id.hex() != listed["key_id"]
            ):
                raise Refused("key_id_wrong", key.name)
            self.keys.append(key)
        self.trust = read_trust(self.text("trust", "trust_unusable"))
        if self.files.get("board") is not None:
            self.board = read_board(self.text("board", "board_unusable"))
        if self.files.get("consistency") is not None:
            self.consistency = read_consistency(self.text("consistency", "consistency_unusable"))
        if self.trust.version:
            return "passed", "input_versioned", {"version": self.trust.version, "first": self.trust.first}
        return "passed", "input", {}

    def leaf(self) -> Said:
        return "passed", "leaf", {"hash": leaf_hash(self.receipt["leaf"]).hex()}

    def period_tree(self) -> Said:
        in_tree(self.receipt)
        proof = self.receipt["period_proof"]
        facts = {"number": proof["index"] + 1, "size": proof["size"]}
        return "passed", "period_tree_sm3" if self.receipt["period_proof_sm3"] else "period_tree", facts

    def sums(self) -> Said:
        milli = adds_up(self.receipt)
        if milli is None:
            return "passed", "sums_system", {}
        leaf = self.receipt["leaf"]
        facts = {"lines": len(leaf["lines"]), "points": points_text(milli)}
        return "passed", "sums_unit" if "own_milli" in leaf else "sums", facts

    def seal_log(self) -> Said:
        head, _, rest = self.receipt["seal_tlog_proof"].partition("\n\n")
        lines = head.split("\n")
        if lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2:
            raise Refused("log_proof_malformed", "header")
        index, path = read_hashes(lines[1:], "index", "log_proof_malformed")
        self.note, self.lines = read_note(rest)
        self.checkpoint = Checkpoint(self.note)
        if self.receipt["seal"]["origin"] != self.checkpoint.origin:
            raise Refused("origin_differs", self.checkpoint.origin)
        size = self.checkpoint.size
        if fold(leaf_hash(self.receipt["seal"]), index, size, path, sha256) != self.checkpoint.root:
            raise Refused("not_in_log")
        return "passed", "seal_log", {"number": index + 1, "size": size}

    def supplemented(self) -> Said:
        if not self.supplements:
            return "skipped", "supplements", {}
        main, before = self.receipt, self.receipt
        for each in self.supplements:
            seal, old, new, proof = each["seal"], before["leaf"], each["leaf"], each["log_proof"]
            if (
                main["seal"]["kind"] != "main"
                or "subject" in old
                or seal["kind"] != "supplement"
                or seal["supplements"] != main["seal"]["seal_no"]
                or any(seal[name] != main["seal"][name] for name in ("origin", "period"))
                or seal["seal_no"] <= before["seal"]["seal_no"]
                or any(new[name] != old[name] for name in ("_t", "deployment"))
                or new.get("officer", new.get("unit")) != old.get("officer", old.get("unit"))
            ):
                raise Refused("supplement_foreign", str(seal["seal_no"]))
            in_tree(each)
            adds_up(each)
            if not new["adjustments"] or new["adjustments"][:-1] != old["adjustments"]:
                raise Refused("supplement_unreasoned", str(seal["seal_no"]))
            last = new["adjustments"][-1]
            named = last["leaf_sha256"] == leaf_hash(old).hex() and last["seal_no"] == old["seal_no"]
            if not named or len(set(last["approvers"])) < 2:
                raise Refused("supplement_unreasoned", str(seal["seal_no"]))
            path = [bytes.fromhex(node) for node in proof["path"]]
            root = fold(leaf_hash(seal), proof["index"], proof["size"], path, sha256)
            if proof["size"] != self.checkpoint.size or root != self.checkpoint.root:
                raise Refused("not_in_log", str(seal["seal_no"]))
            before = each
        points = points_text(before["leaf"]["total_milli"])
        return "passed", "supplements", {"count": len(self.supplements), "points": points}

    def signatures(self) -> Said:
        lines = {(name, key_id): signature for name, key_id, signature in self.lines}
        trusted = {key.by: key for key in self.trust.keys}
        for key in self.keys:
            if key.by not in lines:
                raise Refused("signature_missing", key.name)
        listed = {key.by: key for key in self.keys}
        listed.update(trusted)
        for by, key in listed.items():
            if by in lines and not key.signs(self.note, lines[by]):
                raise Refused("signature_wrong", key.name)
        count = self.trust.accept(lines, self.checkpoint)
        return "passed", "signatures", {"count": count, "quorum": self.trust.quorum}

    def notice_board(self) -> Said:
        own = self.checkpoint
        if self.board is None:
            root = base64.b64encode(own.root).decode()
            return "skipped", "notice_board", {"origin": own.origin, "size": own.size, "root": root}
        if self.board.origin != own.origin:
            raise Refused("board_origin_differs", self.board.origin)
        if self.board.size != own.size:
            return "passed", "notice_board_size", {"size": self.board.size}
        if self.board.root != own.root:
            raise Refused("board_root_differs")
        return "passed", "notice_board", {}

    def log_grew(self) -> Said:
        own, board = self.checkpoint, self.board
        if board is None or board.size == own.size:
            return "skipped", "consistency", {}
        if self.consistency is None:
            raise Refused("consistency_missing")
        old, new = (board, own) if board.size < own.size else (own, board)
        if self.consistency[0] != old.size or not grew(old, new, self.consistency[1]):
            raise Refused("consistency_wrong")
        return "passed", "consistency", {"old": old.size, "new": new.size}

    def own_files(self) -> Said:
        if not self.attachments:
            return "skipped", "attachments", {}
        leaves = [part["leaf"] for part in [self.receipt, *self.supplements]]
        lines = [line for leaf in leaves for line in leaf.get("lines", [])]
        known = {digest for line in lines for digest in line["attachments_sha256"]}
        for name, digest in self.attachments:
            if digest not in known:
                raise Refused("attachment_unknown", name)
        return "passed", "attachments", {"count": len(self.attachments)}

    def verdict(self) -> Said:
        return "passed", "verdict", {}


Said = Tuple[str, str, Dict[str, Any]]
STEPS: List[Callable[[Case], Said]] = [
    Case.input,
    Case.leaf,
    Case.period_tree,
    Case.sums,
    Case.seal_log,
    Case.supplemented,
    Case.signatures,
    Case.notice_board,
    Case.log_grew,
    Case.own_files,
    Case.verdict,
]


def in_tree(part: Dict[str, Any]) -> None:
    """The statement of a part (`leaf`, both proofs, `seal`) is in the tree of its seal."""
    proof, other, tree = part["period_proof"], part["period_proof_sm3"], part["seal"]["tree"]
    if proof["size"] != tree["size"]:
        raise Refused("size_differs")
    if tree_root(part, proof, sha256) != tree["root_sha256"]:
        raise Refused("not_in_tree")
    if other is None and tree["root_sm3"] is None:
        return
    if (
        other is None
        or any(other[name] != proof[name] for name in ("index", "size"))
        or tree_root(part, other, sm3) != tree["root_sm3"]
    ):
        raise Refused("sm3_differs")


def tree_root(part: Dict[str, Any], proof: Dict[str, Any], digest: Hash) -> str:
    path = [bytes.fromhex(node) for node in proof["path"]]
    return (fold(leaf_hash(part["leaf"], digest), proof["index"], proof["size"], path, digest) or b"").hex()


def adds_up(part: Dict[str, Any]) -> Optional[int]:
    """The points of the lines, in thousandths; None for a record without."""
    leaf, seal = part["leaf"], part["seal"]
    if leaf["period"] != seal["period"] or leaf["seal_no"] != seal["seal_no"]:
        raise Refused("other_seal")
    if "lines" not in leaf:
        return None
    ids = [line["entry_id"] for line in leaf["lines"]]
    if ids != sorted(set(ids)):
        raise Refused("lines_unordered")
    milli: int = leaf["own_milli"] if "own_milli" in leaf else leaf["total_milli"]
    if sum(line["points_milli"] for line in leaf["lines"]) != milli:
        raise Refused("sum_differs")
    if leaf["rule_set"]["sha256"] != seal["rule_set_sha256"]:
        raise Refused("rule_set_differs")
    return milli


def points_text(milli: int) -> str:
    points = f"{'-' if milli < 0 else ''}{abs(milli) // 1000}.{abs(milli) % 1000:03d}"
    return points[:-1] if points.endswith("0") else points


def read_board(source: str) -> Checkpoint:
    at = source.find("\n\n")
    text = source[: at + 1] if at >= 0 else source + ("" if source.endswith("\n") else "\n")
    try:
        return Checkpoint(text)
    except Refused as refused:
        raise Refused("board_unusable", refused.detail) from refused


def read_consistency(source: str) -> Tuple[int, List[bytes]]:
    head, gap, note = source.partition("\n\n")
    lines = (head if gap or not head.endswith("\n") else head[:-1]).split("\n")
    try:
        if gap:
            read_note(note)
    except Refused as refused:
        raise Refused("consistency_unusable", refused.detail) from refused
    return read_hashes(lines, "old", "consistency_unusable")


def verify(
    files: Dict[str, Optional[bytes]], attachments: Sequence[Tuple[str, str]] = ()
) -> Tuple[str, List[Dict[str, Any]]]:
    """`files`: receipt, trust and perhaps board and consistency, as bytes. Gives the outcome and the steps taken."""
    case, taken = Case(files, attachments), []
    for number_, (work, name) in enumerate(zip(STEPS, TABLES["steps"]), 1):  # noqa: B905 -- Python 3.7
        step: Dict[str, Any] = {"number": number_, "name": name, "reason": "", "detail": ""}
        taken.append(step)
        try:
            state, key, facts = work(case)
            step.update(state=state, text=[t.format(**facts) for t in TABLES[state][key]])
        except Refused as refused:
            step.update(state="failed", reason=refused.reason, detail=refused.detail)
            step["text"] = TABLES["failed"][refused.reason]
            return "unusable" if number_ == 1 else "not_verified", taken
    return "verified", taken


def report(outcome: str, steps: List[Dict[str, Any]]) -> None:
    marks = {"passed": "[通过 ok  ]", "skipped": "[略过 skip]", "failed": "[失败 FAIL]"}
    for step in steps:
        title = " ".join(TABLES["steps"][step["name"]])
        print(f"{step['number']:>2} {marks[step['state']]} {title}")
        for text in step["text"]:
            print(f"      {text}")
        if step["detail"]:
            print("     ", "".join(c if c.isprintable() else "?" for c in step["detail"]))
    last = steps[-1]
    for language, title in enumerate(TABLES["steps"][last["name"]]):
        if outcome == "verified":
            print("=>", TABLES["passed"]["verdict"][language])
        else:
            print("=>", TABLES[outcome][language].format(number=last["number"], title=title))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--trust", type=Path, required=True, help="受信公钥清单 / list of trusted keys")
    parser.add_argument("--checkpoint", type=Path, help="公告栏检查点 / checkpoint of the notice board")
    parser.add_argument("--consistency", type=Path, help="一致性证明 / consistency proof")
    parser.add_argument("attachments", type=Path, nargs="*", metavar="FILE")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        files = {
            "receipt": given.receipt.read_bytes(),
            "trust": given.trust.read_bytes(),
            "board": given.checkpoint.read_bytes() if given.checkpoint else None,
            "consistency": given.consistency.read_bytes() if given.consistency else None,
        }
        attachments = [(path.name, sha256(path.read_bytes()).hex()) for path in given.attachments]
    except OSError as error:
        print(f"无法读取 / cannot read: {error}", file=sys.stderr)
        return 2
    outcome, steps = verify(files, attachments)
    report(outcome, steps)
    return {"verified": 0, "not_verified": 1, "unusable": 2}[outcome]


if __name__ == "__main__":
    sys.exit(main())
