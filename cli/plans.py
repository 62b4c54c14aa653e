"""What `kaohe evaluate` shows of a plan before it is published, and of two versions of it."""

import json
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from cli.texts import EXIT_FINDINGS, say
from rules.findings import Finding
from rules.plan.checks import Checked
from rules.plan.dry_run import Cause, DryRun
from rules.plan.exact import exact_text
from rules.rounding import plain

_console = Console(highlight=False, soft_wrap=True, markup=False)


def show_check(found: Checked, *, as_json: bool) -> None:
    """Errors keep a plan from being published: exit status 3."""
    if as_json:
        told = {"errors": [_told(f) for f in found.errors], "notes": [_told(f) for f in found.notes]}
        print(json.dumps({"ready": found.ready, **told}, ensure_ascii=False, indent=1))
    else:
        for sign, findings in (("x", found.errors), ("!", found.notes)):
            for finding in findings:
                _console.print(f"{sign} {finding.place}: {say(finding.zh, finding.en)} [{finding.code}]")
        _console.print(
            say("可以发布", "ready to be published")
            if found.ready
            else say("不能发布", "not to be published")
        )
    if not found.ready:
        raise typer.Exit(EXIT_FINDINGS)


def show_moves(found: DryRun) -> None:
    for label, (one, other) in found.settings.items():
        _console.print(f"  {label}: {one} → {other}")
    for word, names in ((say("新增节点", "added"), found.added), (say("取消节点", "removed"), found.removed)):
        if names:
            _console.print(f"  {word}: {'、'.join(names)}")
    if not found.rows:
        _console.print(say("没有变动", "nobody moves"))
        return
    table = Table()
    for label in (say("对象", "subject"), say("变动", "change"), say("起于", "begins at")):
        table.add_column(label, overflow="fold")
    for row in found.rows:
        why = "\n".join(say(sentence.zh, sentence.en) for sentence in row.moved.why)
        table.add_row(row.subject, why, "\n".join(_begins(cause) for cause in row.causes))
    _console.print(table)


def moves_told(found: DryRun) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "settings": {name: list(pair) for name, pair in found.settings.items()},
        "added": list(found.added),
        "removed": list(found.removed),
        "rows": [
            {
                "subject": row.subject,
                "total": [None if value is None else exact_text(value) for value in row.moved.score],
                "ranks": {scope: list(pair) for scope, pair in row.moved.ranks.items()},
                "grade": list(row.moved.grade),
                "why": [{"zh": sentence.zh, "en": sentence.en} for sentence in row.moved.why],
                "causes": [
                    {"node": c.node, "said": [{"zh": s.zh, "en": s.en} for s in c.said]} for c in row.causes
                ],
            }
            for row in found.rows
        ],
    }


def _begins(cause: Cause) -> str:
    one, other = (
        "-" if value is None else str(value) if isinstance(value, str) else plain(value)
        for value in (cause.before, cause.after)
    )
    return f"{cause.node}: {one} → {other}"


def _told(finding: Finding) -> dict[str, str]:
    return {"place": finding.place, "code": finding.code, "zh": finding.zh, "en": finding.en}
