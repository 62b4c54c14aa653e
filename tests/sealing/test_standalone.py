"""The file and the page carry the package's tables, reach for nothing outside, and know their hashes and signatures."""

import ast
import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from sealing.digests import sm3
from sealing.profile import decode
from sealing.receipt import LINES
from sealing.refusal import Refused
from sealing.standalone import tables
from tests.sealing.test_profile import REFUSED
from tests.sealing.test_vectors import PAGE, PROGRAM, standalone

LENGTHS = [0, 1, 54, 55, 56, 63, 64, 65, 111, 112, 119, 120, 128, 1000]
ORDER = 2**252 + 27742317777372353535851937790883648493
ACCEPTED = [
    b'{"a":1}',
    b"[]",
    b"{}",
    b"null",
    b"-9007199254740991",
    b"0",
    '"é𠀀\u007f\u0080\u2028"'.encode(),
    b'"\\\\\\""',
    b'{"_":[],"a":{},"a_":null,"b1":[true,false]}',
    b'{"seal_tlog_proof":"a\\nb"}',
    b"[" * 16 + b"]" * 16,
]


def page_says(cases: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.fail("node is missing: apt-get install nodejs")
    asked = tmp_path / "cases.json"
    asked.write_text(json.dumps(cases), encoding="utf-8")
    runner = Path(__file__).parent / "page.js"
    done = subprocess.run([node, runner, PAGE, asked], check=True, capture_output=True, timeout=300)
    answers: dict[str, Any] = json.loads(done.stdout)
    return answers


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_both_carry_the_tables_of_the_package() -> None:
    """`python -m sealing.standalone.tables` changes nothing: tables, and the hashes in the page's policy, are current."""
    program, page = PROGRAM.read_text(encoding="utf-8"), PAGE.read_text(encoding="utf-8")
    assert tables.into_python(program) == program
    assert tables.into_page(page) == page
    assert standalone().TABLES == tables.TABLES


def test_the_file_needs_the_standard_library_only_and_an_old_python() -> None:
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"), feature_version=(3, 7))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {
        *(
            "__future__",
            "argparse",
            "base64",
            "hashlib",
            "json",
            "pathlib",
            "re",
            "sys",
            "typing",
            "unicodedata",
        )
    }


def test_the_page_reaches_for_nothing_outside() -> None:
    page = PAGE.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert re.fullmatch(
        r"default-src 'none'; script-src 'sha256-\S{44}'; style-src 'sha256-\S{44}'; base-uri 'none'; form-action 'none'",
        policy[1],
    )
    for word in (
        "http:",
        "https:",
        "//cdn",
        "url(",
        "@import",
        "<link",
        "<img",
        "<iframe",
        " src=",
        "style=",
    ):
        assert word not in page.replace("http-equiv", ""), word
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "innerHTML", "eval(", "crypto.subtle", "import("):
        assert word not in page, word


def test_every_text_of_the_page_is_in_both_languages() -> None:
    page = PAGE.read_text(encoding="utf-8").split("<script")[0]
    for tag in re.findall(r"<(?:p|h1|h2|b|small|label|summary)\b([^>]*)>[^<]*[\u4e00-\u9fff]", page):
        assert "data-en=" in tag, tag


def test_hashes(tmp_path: Path) -> None:
    messages = [bytes(i % 251 for i in range(n)) for n in LENGTHS]
    expected = [
        [hashlib.sha256(m).hexdigest(), hashlib.sha512(m).hexdigest(), sm3(m).hex()] for m in messages
    ]
    assert [standalone().sm3(m).hex() for m in messages] == [each[2] for each in expected]
    answers = page_says({str(i): {"digests": b64(m)} for i, m in enumerate(messages)}, tmp_path)
    assert [answers[str(i)] for i in range(len(messages))] == expected


def signatures() -> list[tuple[bytes, bytes, bytes, bool]]:
    """Public key, signature, message, whether it is sound: of RFC 8032 §7.1, and altered in every way that matters."""
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key").digest())
    public = private.public_key().public_bytes_raw()
    made = [(public, private.sign(m), m, True) for m in (b"", b"x", b"m" * 200)]
    good = made[1][1]
    s = int.from_bytes(good[32:], "little")
    rfc = (
        bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"),
        bytes.fromhex(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        b"\x72",
        True,
    )
    return [
        *made,
        rfc,
        (public, good, b"y", False),
        (public, good[:32] + (s + ORDER).to_bytes(32, "little"), b"x", False),
        (public, good[:-1], b"x", False),
        (public, good + b"\x00", b"x", False),
        (public, bytes(64), b"x", False),
        (public, good[:32] + bytes(32), b"x", False),
        (rfc[0], good, b"x", False),
        (public[:-1] + bytes([public[-1] ^ 0x80]), good, b"x", False),
        (b"\x02" + bytes(31), good, b"x", False),
        (b"\xff" * 32, good, b"x", False),
    ]


def test_ed25519(tmp_path: Path) -> None:
    cases = signatures()
    for public, signature, message, sound in cases:
        assert standalone().signed(public, signature, message) is sound
        if sound:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    answers = page_says(
        {str(i): {"signature": [b64(x) for x in case[:3]]} for i, case in enumerate(cases)}, tmp_path
    )
    assert [answers[str(i)] for i in range(len(cases))] == [sound for *_, sound in cases]


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80))
@settings(max_examples=30)
def test_ed25519_of_any_key(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert standalone().signed(public, signature, message)
    assert not standalone().signed(public, signature, message + b"!")


def test_all_three_read_the_same_canonical_json(tmp_path: Path) -> None:
    cases = [*((data, False) for data in REFUSED.values()), *((data, True) for data in ACCEPTED)]
    assert len(cases) >= 40
    answers = page_says({str(i): {"readable": b64(data)} for i, (data, _) in enumerate(cases)}, tmp_path)
    for index, (data, accepted) in enumerate(cases):
        assert answers[str(index)] is accepted, data[:60]
        assert reads(standalone().read, data) is accepted, data[:60]
        assert reads(lambda d: decode(d, lines=LINES), data) is accepted, data[:60]


def reads(work: Any, data: bytes) -> bool:
    try:
        work(data)
    except (Refused, standalone().Refused):
        return False
    return True
