"""`kaohe keys`: the list of trusted keys from version to version, on the machine of whoever keeps it (runbook: seal keys)."""

from datetime import datetime
from pathlib import Path

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console

from cli.seal_files import private_key, read_text, refuse, replace, stop, write_new
from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from kernel.clock import SystemClock
from sealing import keylist
from sealing.checkpoint import Checkpoint
from sealing.keys import ED25519, Key, Signer
from sealing.lines import is_key_name
from sealing.refusal import Refused
from sealing.trust import By, Limit, Trust

app = typer.Typer(help="受信公钥清单 / the list of trusted keys", no_args_is_help=True)
_console = Console(highlight=False, soft_wrap=True, markup=False)


@app.command("new")
def new(
    origin: str = typer.Argument(..., help="封存日志名称 / name of the seal log, as KAOHE_SEAL_ORIGIN"),
    out: Path = typer.Option(..., help="私钥文件 / file of the private key, must not exist"),
) -> None:
    """生成系统封存密钥 / Make a key to seal with: the private file (KAOHE_SEAL_KEY), and its line for the list beside it.

    kaohe keys new seal.example.cn/city --out kaohe_seal_key.new
    """
    if not is_key_name(origin):
        refuse(say("名称不能有空格或加号", "a name has no spaces and no plus sign"), EXIT_USAGE)
    private = Ed25519PrivateKey.generate()
    line = f"system {Signer(origin, ED25519, private).key.vkey}\n"
    try:
        write_new(out, private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), mode=0o600)
        write_new(out.with_name(out.name + ".pub"), line.encode(), mode=0o644)
    except OSError as error:
        stop(error)
    _console.print(line, end="")


@app.command("begin")
def begin(
    plain: Path = typer.Argument(..., help="没有版本号的清单 / a list without a version"),
    out: Path = typer.Option(..., help="新清单 / the list to write"),
) -> None:
    """给旧式清单编为第 1 版 / Make a plain list version 1. It is vouched for by print alone: publish its fingerprint anew."""
    try:
        source = keylist.first(Trust.parse(read_text(plain)))
        write_new(out, source.encode(), mode=0o644)
    except (Refused, OSError) as error:
        stop(error)
    _told(source)


@app.command("next")
def following(
    keys: Path = typer.Argument(..., help="现行清单 / the list in force"),
    out: Path = typer.Option(..., help="待签清单 / the list to be signed"),
    system: list[Path] = typer.Option([], help="新系统公钥(.pub)/ .pub file of a new key to seal with"),
    witness: list[Path] = typer.Option([], help="新见证人公钥(.pub)/ .pub file of a new witness"),
    quorum: int | None = typer.Option(None, min=0, help="至少几名见证人 / how many witnesses are needed"),
    compromised: str | None = typer.Option(
        None, help="泄露或遗失的密钥 / key in doubt: NAME+ID, as `check` shows it"
    ),
    last_good: Path | None = typer.Option(None, help="最后可靠的检查点 / the last good checkpoint"),
    since: datetime | None = typer.Option(None, help="自何时起存疑,UTC / in doubt since, UTC"),
) -> None:
    """起草下一版 / Draft the next version, not signed yet.  Keys are added, never taken out: old receipts go on verifying.

    kaohe keys next keys.txt --system kaohe_seal_key.new.pub --out keys.next.txt
    kaohe keys next keys.txt --compromised seal.example.cn/city+7f1c0a2b --last-good board.txt --out keys.next.txt
    """
    try:
        limits = _limits(compromised, last_good, since)
        change = keylist.Change(_listed(system, "system"), _listed(witness, "witness"), quorum, limits)
        source = keylist.following(read_text(keys), change)
        replace(out, source.encode())
    except (Refused, OSError) as error:
        stop(error)
    _console.print(source.split("\n\n")[-1], end="")


@app.command("sign")
def sign(
    draft: Path = typer.Argument(..., help="待签清单,签名写入其中 / the list to be signed, in place"),
    key: Path = typer.Option(..., help="私钥:见证人的,或系统的 / private key, of a witness or of the log"),
    origin: str = typer.Option("", help="系统密钥须给出日志名称 / name of the log, for its own key"),
) -> None:
    """签署新版清单 / Put one's line under the last version, after reading what it changes.

    kaohe keys sign keys.next.txt --key w.key
    """
    try:
        pem = key.read_bytes()
        signer = private_key(key) if pem.startswith(b"key ") else keylist.system_key(origin, pem.decode())
        source = keylist.signed(read_text(draft), signer, int(SystemClock().now().timestamp()))
        replace(draft, source.encode())
    except (Refused, OSError) as error:
        stop(error)
    except ValueError:
        refuse(say("私钥文件无法读取", "the file of the key cannot be read"), EXIT_USAGE)
    _console.print(say(f"{signer.name} 已签", f"signed by {signer.name}"))


@app.command("check")
def check(
    keys: Path = typer.Argument(..., help="清单 / the list"),
    known: Path | None = typer.Option(None, help="手中已有的旧清单 / a list that is known already"),
) -> None:
    """核对清单 / Whether each version is vouched for by the one before.  Exit 0 yes, 1 no, 2 unreadable.

    kaohe keys check keys.next.txt --known keys.txt
    """
    try:
        source = read_text(keys)
        trust = Trust.parse(source)
        if known and not keylist.continues(read_text(known), source):
            refuse(say("不是已知清单的后续", "this does not continue the list that is known"), EXIT_FAILED)
    except (Refused, OSError) as error:
        stop(error)
    _told(source)
    for role, listed in (("system", trust.system), ("witness", trust.witnesses)):
        for each in listed:
            doubt = "" if each in trust.good else say("  已声明泄露", "  compromised")
            _console.print(f"{role:<8}{each.name}+{each.key_id.hex()}{doubt}")


def _told(source: str) -> None:
    for number, digest in enumerate(keylist.fingerprints(source), 1):
        _console.print(f"{number:>3} {digest}")


def _listed(files: list[Path], role: str) -> list[Key]:
    found = []
    for file in files:
        word, _, vkey = read_text(file).strip().partition(" ")
        if word != role:
            raise Refused("trust_unusable", str(file))
        found.append(Key.of_vkey(vkey))
    return found


def _limits(name: str | None, last_good: Path | None, since: datetime | None) -> dict[By, Limit]:
    if name is None:
        return {}
    if last_good is None:
        refuse(say("须给出 --last-good", "--last-good is needed with it"), EXIT_USAGE)
    by, _, key_id = name.rpartition("+")
    try:
        known = by, bytes.fromhex(key_id)
    except ValueError as error:
        raise Refused("trust_unusable", name) from error
    at = since.replace(tzinfo=SystemClock().now().tzinfo) if since else SystemClock().now()
    return {known: keylist.limit_of(Checkpoint.of_board(read_text(last_good)), int(at.timestamp()))}
