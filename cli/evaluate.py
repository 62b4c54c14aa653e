"""`kaohe evaluate`: a regulation as a plan file, applied to a file of facts; needs no server."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console

from cli.evaluations import show_evaluation
from cli.plan_files import read_file, refuse
from cli.plans import moves_told, show_check, show_moves
from cli.texts import EXIT_FINDINGS, EXIT_USAGE, say
from rules import RuleError
from rules.plan import Evaluation, Plan, check_plan, evaluate, parse_facts, parse_plan
from rules.plan.dry_run import compared
from rules.plan.expected import Expected, parse_expected, unmet
from rules.plan.telling import told
from rules.standing import Settlement
from rules.standing.records import Record

_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_FILE: Any = {"exists": True, "dir_okay": False}


def evaluate_plan(
    plan: Path | None = typer.Option(None, **_FILE, help="方案文件(YAML 或 JSON) / plan file"),
    facts: list[Path] = typer.Option(
        [], **_FILE, help="事实文件,多期依次给出 / facts; several periods in order"
    ),
    setting: list[str] = typer.Option([], help="选用的理解:名称=值 / a reading: name=value"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON / JSON on stdout"),
    explained: bool = typer.Option(False, "--explain", help="逐节点说明 / every node's sentence"),
    check: bool = typer.Option(
        False, "--check", help="发布前核对方案 / check the plan before it is published"
    ),
    against: Path | None = typer.Option(
        None, **_FILE, help="另一版方案:谁会变动 / another version: who would move"
    ),
    expect: list[Path] = typer.Option(
        [], **_FILE, help="算例,写明应得的数 / worked examples with what must come out"
    ),
) -> None:
    """按方案计算,无需服务 / Evaluate a plan over facts, without a server.

    kaohe evaluate --plan plan.yaml --facts facts.yaml --explain

    kaohe evaluate --plan plan.yaml --facts 2024.yaml --facts 2025.yaml --setting fraction=proportional --json

    kaohe evaluate --plan plan.yaml --check

    kaohe evaluate --plan plan.yaml --facts facts.yaml --against next-year.yaml

    kaohe evaluate --expect expected.yaml

    Exit 0; 3 when plan or facts have errors, the plan cannot be published, or an example does not come out; 2 when a file
    cannot be read.
    """
    for path in expect:
        _hold(path)
    if expect and plan is None:
        return
    if plan is None or not (facts or check):
        _errors.print(
            say("应给出 --plan,并给出 --facts 或 --check", "--plan is needed, and --facts or --check")
        )
        raise typer.Exit(EXIT_USAGE)
    parsed = _plan(plan, _wanted(setting))
    if check:
        show_check(check_plan(parsed), as_json=as_json)
    other = None if against is None else _plan(against, _wanted(setting), lenient=True)
    results: list[dict[str, Any]] = []
    for evaluation, settled in _periods(parsed, facts):
        moves = None if other is None else compared(evaluation, evaluate(other, evaluation.board.facts))
        if as_json:
            moved = {} if moves is None else {"moves": moves_told(moves)}
            results.append(told(evaluation, settled, explained=explained) | moved)
        elif moves is None:
            show_evaluation(evaluation, settled, explained=explained)
        else:
            show_moves(moves)
    if as_json and results:
        print(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False, indent=1))


def _periods(plan: Plan, facts: Sequence[Path]) -> Iterator[tuple[Evaluation, Settlement]]:
    """One after the other, each knowing the standing of those before it."""
    history: dict[str, tuple[Record, ...]] = {}
    for path in facts:
        try:
            read = parse_facts(read_file(path), history)
        except RuleError as error:
            refuse(path, error.findings)
        except ValueError as error:  # periods that are not one after another
            _errors.print(
                f"{path}: {say('各期应按先后给出,且不重叠', 'periods must be given in order')}: {error}"
            )
            raise typer.Exit(EXIT_FINDINGS) from error
        evaluation = evaluate(plan, read)
        settled = evaluation.settle()
        for name, record in settled.records(read.context).items():
            history[name] = (*history.get(name, ()), record)
        yield evaluation, settled


def _hold(path: Path) -> None:
    """The example's own plan and facts must come to what it says."""
    example = _example(path)
    plan = _plan(path.parent / example.plan, example.settings)
    wrong = []
    seen = set()
    for evaluation, settled in _periods(plan, [path.parent / name for name in example.facts]):
        key = evaluation.board.facts.period.key
        seen.add(key)
        if (wanted := example.periods.get(key)) is not None:
            wrong += [(key, finding) for finding in unmet(wanted, evaluation, settled)]
    for key, finding in wrong:
        _errors.print(f"{path}: periods.{key}.{finding.place}: {say(finding.zh, finding.en)}")
    for key in example.periods.keys() - seen:
        _errors.print(f"{path}: periods.{key}: {say('事实文件中没有这一期', 'no facts of this period')}")
    if wrong or example.periods.keys() - seen:
        raise typer.Exit(EXIT_FINDINGS)
    Console(highlight=False, markup=False).print(
        f"{path}: {say('与算例相符', 'comes out as the example says')}"
    )


def _example(path: Path) -> Expected:
    try:
        return parse_expected(read_file(path))
    except RuleError as error:
        refuse(path, error.findings)


def _wanted(setting: Sequence[str]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for pair in setting:
        label, sign, value = pair.partition("=")
        if not sign:
            _errors.print(say(f"应写成 名称=值:{pair}", f"must be name=value: {pair}"))
            raise typer.Exit(EXIT_USAGE)
        wanted[label] = value
    return wanted


def _plan(path: Path, wanted: Mapping[str, Any], *, lenient: bool = False) -> Plan:
    """`lenient`: readings that this version does not offer are left out."""
    if not path.is_file():
        _errors.print(say(f"没有文件 {path}", f"there is no file {path}"))
        raise typer.Exit(EXIT_USAGE)
    data = read_file(path)
    if lenient and isinstance(data, dict) and isinstance(data.get("settings", {}), dict):
        wanted = {label: value for label, value in wanted.items() if label in data.get("settings", {})}
    try:
        return parse_plan(data, wanted)
    except RuleError as error:
        refuse(path, error.findings)
