"""`kaohe verify` and `kaohe witness`: what officers and witnesses do with a seal, on machines of their own."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from cli.seal_files import ask_passphrase, private_key, read_text, refuse, replace, stop, write_new
from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from kernel.clock import SystemClock
from sealing import witness
from sealing.checkpoint import Checkpoint
from sealing.keyfile import written_key
from sealing.keys import COSIGNATURE, Signer
from sealing.lines import is_key_name
from sealing.note import Note
from sealing.proofs import ConsistencyProof
from sealing.refusal import Refused
from sealing.trust import Trust
from sealing.verify import Attachment, Step, verify

app = typer.Typer(help="见证封存 / witness seals", no_args_is_help=True)
_console = Console(highlight=False, soft_wrap=True, markup=False)
_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)

_EXITS = {"verified": 0, "not_verified": EXIT_FAILED, "unusable": EXIT_USAGE}
_MARKS = {"passed": "✓", "skipped": "-", "failed": "✗"}


def verify_receipt(
    receipt: Path = typer.Argument(..., help="回执 / the receipt"),
    trust: Path = typer.Option(..., help="受信公钥清单 / list of trusted keys"),
    checkpoint: Path | None = typer.Option(None, help="公告栏检查点 / checkpoint of the notice board"),
    consistency: Path | None = typer.Option(None, help="一致性证明 / consistency proof"),
    attachment: list[Path] = typer.Option([], help="自己的附件 / own attachments"),
) -> None:
    """核验封存回执 / Verify a receipt of a sealed period.  Exit 0 verified, 1 not verified, 2 unusable input."""
    try:
        verdict = verify(
            receipt.read_bytes(),
            trust=trust.read_bytes(),
            board=checkpoint.read_bytes() if checkpoint else None,
            consistency=consistency.read_bytes() if consistency else None,
            attachments=[
                Attachment(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in attachment
            ],
        )
    except OSError as error:
        _errors.print(say("无法读取:", "cannot read: ") + str(error))
        raise typer.Exit(EXIT_USAGE) from error
    for step in verdict.steps:
        _show(step)
    _console.print(say(verdict.zh, verdict.en))
    raise typer.Exit(_EXITS[verdict.outcome])


def _show(step: Step) -> None:
    _console.print(f"{step.number:>2} {_MARKS[step.state]} {say(*step.title)}")
    _console.print(f"     {say(step.zh, step.en)}")
    if step.detail:
        _console.print(f"     {''.join(c if c.isprintable() else '?' for c in step.detail)}")


@app.command("key")
def key(
    name: str = typer.Argument(..., help="见证人名称 / the witness, e.g. discipline.seal.example.cn"),
    out: Path = typer.Option(..., help="私钥文件 / file of the private key, must not exist"),
    passphrase: bool = typer.Option(False, help="询问口令并加密 / ask for a passphrase and encrypt"),
) -> None:
    """生成见证人密钥 / Make a witness's pair of keys: the private file, and its line for keys.txt beside it."""
    if not is_key_name(name):
        refuse(say("名称不能有空格或加号", "a name has no spaces and no plus sign"), EXIT_USAGE)
    secret = ask_passphrase(confirm=True) if passphrase else None
    signer = Signer(name, COSIGNATURE, Ed25519PrivateKey.generate())
    line = f"witness {signer.key.vkey}\n"
    try:
        write_new(out, written_key(signer, secret), mode=0o600)
        write_new(out.with_name(out.name + ".pub"), line.encode(), mode=0o644)
    except OSError as error:
        refuse(str(error), EXIT_USAGE)
    _console.print(line, end="")


@app.command("sign")
def sign(
    checkpoint: Path = typer.Argument(..., help="待签检查点 / the checkpoint to sign"),
    key_file: Path = typer.Option(..., "--key", help="私钥文件 / private key"),
    trust: Path = typer.Option(..., help="受信公钥清单 / list of trusted keys"),
    state: Path = typer.Option(..., help="上次签过的检查点 / the last checkpoint signed here"),
    proof: Path | None = typer.Option(None, help="一致性证明 / consistency proof"),
    first: bool = typer.Option(False, help="本见证人首次签署 / the first signature of this witness"),
    out: Path | None = typer.Option(None, help="带签名的检查点 / the checkpoint with the signature added"),
) -> None:
    """见证检查点 / Sign a checkpoint, only if it continues the last one signed here.  Prints the signature line."""
    try:
        note = Note.parse(read_text(checkpoint))
        trusted = Trust.parse(read_text(trust))
        shown = ConsistencyProof.parse(read_text(proof)) if proof else None
        signer = private_key(key_file)
        with _held(state):
            last = Note.parse(read_text(state)) if state.exists() else None
            if (last is None) != first:
                refuse(_first_text(first=first), EXIT_FAILED)
            signed = witness.cosign(note, signer, trusted, last, shown, at=_now())
            replace(state, signed.source.encode())
        if out:
            replace(out, signed.source.encode())
    except (Refused, OSError) as error:
        stop(error)
    line = signed.signature_of(signer.key)
    _console.print(line.line if line else "", end="")


@app.command("compare")
def compare(
    one: Path = typer.Argument(
        ..., help="公告栏抄件、U 盘或上次的检查点 / from the board, a stick, or the last one"
    ),
    other: Path = typer.Argument(..., help="另一个检查点 / another checkpoint"),
    proof: Path | None = typer.Option(None, help="一致性证明 / consistency proof, for other sizes"),
) -> None:
    """比较两个检查点 / Whether two checkpoints are of one log that only grew.  Exit 0 yes, 1 no, 2 unreadable.

    kaohe witness compare board.txt checkpoint.txt --proof proof.txt
    """
    try:
        old, new = sorted(
            (Checkpoint.of_board(read_text(each)) for each in (one, other)), key=lambda found: found.size
        )
        witness.continues(old, new, ConsistencyProof.parse(read_text(proof)) if proof else None)
    except (Refused, OSError) as error:
        stop(error)
    _console.print(
        say(
            f"同一本日志:规模 {old.size} 与 {new.size} 一致。",
            f"One log: sizes {old.size} and {new.size} agree.",
        )
    )


def _first_text(*, first: bool) -> str:
    if first:
        return say(
            "已有签署记录,不能再用 --first", "there is a record of signatures already: leave out --first"
        )
    return say(
        "没有签署记录。首次签署请加 --first;若记录丢失,请先找回",
        "no record of signatures. For the very first one add --first; if it was lost, find it before signing",
    )


def _now() -> datetime:
    return SystemClock().now()


@contextmanager
def _held(state: Path) -> Iterator[None]:
    """One signature at a time: reading the last checkpoint and storing the next belong together."""
    with state.with_name(state.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
