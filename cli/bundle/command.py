"""The command `kaohe verify-bundle`."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console

from cli.bundle.verifying import verify_bundle
from cli.texts import EXIT_FAILED, EXIT_USAGE, say
from sealing.refusal import Refused
from sealing.trust import Trust

_console = Console(highlight=False, soft_wrap=True, markup=False)
_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_GZIP = b"\x1f\x8b"
_LONGEST = 4 * 2**20


def verify_bundle_file(
    bundle: Path = typer.Argument(..., help="封存包 / the seal bundle"),
    trust: Path | None = typer.Option(None, help="受信公钥清单 / list of trusted keys"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON / print JSON"),
) -> None:
    """由封存包重新算出每个得分和根 / Derive every score and the root again.  Exit 0 holds, 1 altered, 2 unusable.

    kaohe verify-bundle seal-1.bundle.gz --trust keys.txt
    """
    try:
        trusted = Trust.parse(trust.read_text(encoding="utf-8-sig")) if trust else None
        report = verify_bundle(_lines(bundle), trusted)
    except (OSError, EOFError, UnicodeDecodeError, Refused) as error:
        _errors.print(say("无法读取:", "cannot read: ") + str(error))
        raise typer.Exit(EXIT_USAGE) from error
    if as_json:
        told = {"holds": report.holds, "signatures_checked": trusted is not None} | asdict(report)
        typer.echo(json.dumps(told, ensure_ascii=False))
        raise typer.Exit(0 if report.holds else EXIT_FAILED)
    for what, count in report.counts.items():
        _console.print(f"{what:12} {count:>12,}")
    for finding in report.findings:
        _console.print(f"✗ {finding.place}: {say(finding.zh, finding.en)}")
    for zh, en in report.notes:
        _console.print("! " + say(zh, en))
    if report.wrong:
        _console.print(say(f"未通过:{report.wrong} 处", f"not verified: {report.wrong} findings"))
        raise typer.Exit(EXIT_FAILED)
    signed = "" if trusted else say("(未核对签名:请给出 --trust)", " (signatures not checked: give --trust)")
    everything = say(
        "每个得分、每份报表和根均由事实重新算出,完全一致。",
        "Every score, every statement and the root follow from the facts.",
    )
    part = say("所能核对的各项完全一致。", "What could be derived agrees.")
    _console.print((part if report.notes else everything) + signed)


def _lines(path: Path) -> Iterator[bytes]:
    """A line at a time; one that never ends is given up as it is, and found wrong."""
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        while line := file.readline(_LONGEST):
            yield line
