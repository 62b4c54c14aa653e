"""`kaohe evaluate`: a regulation as a plan file, applied to a file of facts; needs no server."""

import json
from pathlib import Path
from typing import Any, Final, NoReturn

import typer
import yaml
from rich.console import Console
from rich.table import Table

from cli.plans import moves_told, show_check, show_moves
from cli.texts import EXIT_FINDINGS, EXIT_USAGE, say
from rules import RuleError
from rules.findings import Finding
from rules.plan import Evaluation, Plan, check_plan, evaluate, parse_facts, parse_plan
from rules.plan.dry_run import compared
from rules.plan.explanation import explain
from rules.plan.telling import told
from rules.rounding import plain
from rules.standing import Settlement
from rules.standing.records import Record

MOST_BYTES: Final = 256 * 1024 * 1024
_console = Console(highlight=False, soft_wrap=True, markup=False)
_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """YAML whose unquoted days and numbers stay what was written: a binary fraction would not be what the source says."""


_PLAIN = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _PLAIN]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def evaluate_plan(
    plan: Path = typer.Option(..., exists=True, dir_okay=False, help="方案文件(YAML 或 JSON) / plan file"),
    facts: list[Path] = typer.Option(
        [], exists=True, dir_okay=False, help="事实文件,多期依次给出 / facts; several periods in order"
    ),
    setting: list[str] = typer.Option([], help="选用的理解:名称=值 / a reading: name=value"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON / JSON on stdout"),
    explained: bool = typer.Option(False, "--explain", help="逐节点说明 / every node's sentence"),
    check: bool = typer.Option(
        False, "--check", help="发布前核对方案 / check the plan before it is published"
    ),
    against: Path | None = typer.Option(
        None, exists=True, dir_okay=False, help="另一版方案:谁会变动 / another version: who would move"
    ),
) -> None:
    """按方案计算,无需服务 / Evaluate a plan over facts, without a server.

    kaohe evaluate --plan plan.yaml --facts facts.yaml --explain

    kaohe evaluate --plan plan.yaml --facts 2024.yaml --facts 2025.yaml --setting fraction=proportional --json

    kaohe evaluate --plan plan.yaml --check

    kaohe evaluate --plan plan.yaml --facts facts.yaml --against next-year.yaml

    Exit 0; 3 when plan or facts have errors, or the plan cannot be published; 2 when a file cannot be read.
    """
    parsed = _plan(plan, setting)
    if check:
        show_check(check_plan(parsed), as_json=as_json)
    elif not facts:
        _errors.print(say("应给出 --facts 或 --check", "either --facts or --check is needed"))
        raise typer.Exit(EXIT_USAGE)
    other = None if against is None else _plan(against, setting, lenient=True)
    history: dict[str, tuple[Record, ...]] = {}
    results: list[dict[str, Any]] = []
    for path in facts:
        try:
            read = parse_facts(read_file(path), history)
        except RuleError as error:
            _refuse(path, error.findings)
        evaluation = evaluate(parsed, read)
        settled = evaluation.settle()
        moves = None if other is None else compared(evaluation, evaluate(other, read))
        if as_json:
            moved = {} if moves is None else {"moves": moves_told(moves)}
            results.append(told(evaluation, settled, explained=explained) | moved)
        elif moves is None:
            _show(evaluation, settled, explained=explained)
        else:
            show_moves(moves)
        for name, record in settled.records(read.context).items():
            history[name] = (*history.get(name, ()), record)
    if as_json and results:
        print(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False, indent=1))


def _plan(path: Path, setting: list[str], *, lenient: bool = False) -> Plan:
    """`lenient`: readings that this version does not offer are left out."""
    wanted: dict[str, Any] = {}
    for pair in setting:
        label, sign, value = pair.partition("=")
        if not sign:
            _errors.print(say(f"应写成 名称=值:{pair}", f"must be name=value: {pair}"))
            raise typer.Exit(EXIT_USAGE)
        wanted[label] = value
    data = read_file(path)
    if lenient and isinstance(data, dict) and isinstance(data.get("settings", {}), dict):
        wanted = {label: value for label, value in wanted.items() if label in data.get("settings", {})}
    try:
        return parse_plan(data, wanted)
    except RuleError as error:
        _refuse(path, error.findings)


def read_file(path: Path) -> Any:
    try:
        if path.stat().st_size <= MOST_BYTES:
            return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 -- a safe loader, made stricter
        why = say("文件过大", "the file is too large")
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        why = str(error)
    _errors.print(say(f"无法读取 {path}:", f"cannot read {path}: ") + why, style="red")
    raise typer.Exit(EXIT_USAGE)


def _refuse(path: Path, findings: tuple[Finding, ...]) -> NoReturn:
    for finding in findings:
        _errors.print(f"{path}: {finding.place or '.'}: {say(finding.zh, finding.en)} [{finding.code}]")
    raise typer.Exit(EXIT_FINDINGS)


def _show(evaluation: Evaluation, settled: Settlement, *, explained: bool) -> None:
    plan, facts = evaluation.plan, evaluation.board.facts
    language = say("zh", "en")
    _console.print(f"{say(plan.title, plan.title_en or plan.title)}  {facts.period.key}")
    for label, value in plan.chosen.items():
        _console.print(f"  {label} = {value}")
    _console.print(_table(evaluation, settled))
    struck, unknown = evaluation.deadlines()
    for clock in struck:
        shut = "" if clock.open else say("(不受理)", " (not open)")
        _console.print(f"{clock.id}: {say(clock.zh, clock.en)}{shut}")
    for finding in (*evaluation.findings, *settled.findings, *unknown):
        _console.print(f"! {finding.place}: {say(finding.zh, finding.en)}")
    if explained:
        _console.print(
            say("计算顺序:", "order: ") + " → ".join((*plan.order, settled.described_order(language)))
        )
        for subject in facts.subjects:
            _console.print(f"\n{subject.name}")
            for line in explain(evaluation, subject.id, language):
                _console.print(f"  {line.title}: {line.words}")
                for step in line.steps:
                    _console.print(f"    {step}")


def _table(evaluation: Evaluation, settled: Settlement) -> Table:
    table = Table()
    for label in (
        say("对象", "subject"),
        say("总分", "total"),
        say("名次", "rank"),
        say("等次", "grade"),
        say("奖惩", "follows"),
    ):
        table.add_column(label, justify="left")
    for subject in evaluation.board.facts.subjects:
        outcome, found = evaluation.outcome(subject.id), settled.outcomes[subject.id]
        follows = [*settled.to(subject.id)]
        follows += [plain(g.amount) for g in settled.given if g.to == subject.id and g.amount is not None]
        table.add_row(
            subject.name,
            plain(outcome.value) if outcome.value is not None else outcome.say().say(say("zh", "en")),
            str(found.rank("overall") or "-"),
            found.shown or "-",
            "、".join(follows),
        )
    return table
