"""Worked examples beside a plan: what it must come to over given facts. A plan whose examples do not come out is not ready."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from rules.facts import State
from rules.fields import inner, name, names, optional_name, parsed
from rules.findings import Finding
from rules.plan.evaluation import Evaluation
from rules.plan.exact import exact_text
from rules.plan.outcomes import Amount
from rules.reading import Reader, as_decimal
from rules.standing.settlement import Settlement

FORMAT = "kaohe/expected/1"

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of one period. `nodes`: node → subject → value or state; `ranks`: scope → subject → rank, 0 for none; `grades` as they are
    shown; `follows`: who → what is given, in the order of the rules; `amounts`: who → money; `findings`: codes, all of them.
    """

    nodes: Mapping[str, Mapping[str, Amount]] = field(default_factory=dict)
    ranks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    grades: Mapping[str, str] = field(default_factory=dict)
    follows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amounts: Mapping[str, Fraction] = field(default_factory=dict)
    findings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """`plan` and `facts` are file names beside the example; `periods` is by the key of each facts file's period."""

    source: str
    plan: str
    facts: tuple[str, ...]
    settings: Mapping[str, Any]
    periods: Mapping[str, Wanted]


def parse_expected(data: Any) -> Expected:
    """Raises RuleError with every error that is in the data."""
    return parsed(_read, data)


def unmet(wanted: Wanted, evaluation: Evaluation, settled: Settlement) -> list[Finding]:
    """Where the plan comes to something else than the example says, each with its place in the example."""
    return [
        Finding(place, "not-as-expected", f"应为 {want},算得 {got}", f"expected {want}, it is {got}")
        for place, want, got in _pairs(wanted, evaluation, settled)
        if want != got
    ]


def _pairs(wanted: Wanted, evaluation: Evaluation, settled: Settlement) -> Iterator[tuple[str, str, str]]:
    for node, column in wanted.nodes.items():
        for subject, value in column.items():
            known = node in evaluation.plan.nodes and subject in evaluation.board.by_id
            found = _text(evaluation.amount(subject, node)) if known else "-"
            yield f"nodes.{node}.{subject}", _text(value), found
    for scope, column_of_ranks in wanted.ranks.items():
        for subject, rank in column_of_ranks.items():
            outcome = settled.outcomes.get(subject)
            yield f"ranks.{scope}.{subject}", str(rank), str((outcome.rank(scope) if outcome else None) or 0)
    for subject, grade in wanted.grades.items():
        outcome = settled.outcomes.get(subject)
        yield f"grades.{subject}", grade, (outcome.shown if outcome else None) or "-"
    for who, gives in wanted.follows.items():
        yield f"follows.{who}", "、".join(gives), "、".join(settled.to(who))
    for who, amount in wanted.amounts.items():
        paid = sum((g.amount or Fraction(0) for g in settled.given if g.to == who), Fraction(0))
        yield f"amounts.{who}", exact_text(amount), exact_text(paid)
    if wanted.findings is not None:
        codes = [f.code for f in (*evaluation.findings, *settled.findings)]
        yield "findings", "、".join(sorted(wanted.findings)), "、".join(sorted(codes))


def _text(value: Amount) -> str:
    return exact_text(value) if isinstance(value, Fraction) else value.value


def _read(reader: Reader) -> Expected:
    if reader.raw("format") != FORMAT:
        reader.refuse("format", "format-unknown", f"应为 {FORMAT}", f"must be {FORMAT}")
    settings = reader.raw("settings")
    if settings is not None and not isinstance(settings, Mapping):
        reader.refuse("settings", "not-an-object", "应为对象", "must be an object")
    source = reader.raw("source")
    if not isinstance(source, str) or not source:
        reader.refuse("source", "missing", "应写明出处", "say where the example comes from")
    periods = inner(reader, "periods")
    if periods is None and reader.raw("periods") is None:
        reader.refuse("periods", "missing", "缺少该参数", "this parameter is missing")
    found = Expected(
        str(source),
        name(reader, "plan", "plan.yaml"),
        names(reader, "facts") or ("facts.yaml",),
        settings if isinstance(settings, Mapping) else {},
        {} if periods is None else {str(key): _wanted(periods, str(key)) for key in periods.data},
    )
    reader.close()
    return found


def _wanted(reader: Reader, key: str) -> Wanted:
    item = inner(reader, key)
    if item is None:
        reader.refuse(key, "not-an-object", "应为对象", "must be an object")
        return Wanted()
    found = Wanted(
        {node: _column(table, _amount) for node, table in _tables(item, "nodes")},
        {scope: _column(table, _rank) for scope, table in _tables(item, "ranks")},
        _words(item, "grades"),
        _gives(item),
        {who: Fraction(amount) for who, amount in item.table("amounts").items()},
        None if item.raw("findings") is None else tuple(_codes(item)),
    )
    item.close()
    return found


def _tables(reader: Reader, key: str) -> list[tuple[str, Reader]]:
    outer = inner(reader, key)
    if outer is None:
        return []
    return [(str(label), table) for label in outer.data if (table := inner(outer, str(label))) is not None]


def _column(table: Reader, read: Callable[[Reader, str], Value]) -> dict[str, Value]:
    return {str(label): read(table, str(label)) for label in table.data}


def _amount(table: Reader, label: str) -> Amount:
    """A decimal, a fraction such as 271/3, or the word of a state."""
    value = table.raw(label)
    if isinstance(value, str) and value in set(State):
        return State(value)
    above, sign, below = str(value).partition("/")
    top, bottom = as_decimal(above), as_decimal(below) if sign else Decimal(1)
    if not isinstance(value, str | int) or top is None or not bottom:
        zh, en = "应为数字、分数或没有数值的原因", "must be a number, a fraction or a state"
        table.refuse(label, "not-a-number", zh, en)
        return Fraction(0)
    return Fraction(top) / Fraction(bottom)


def _rank(table: Reader, label: str) -> int:
    value = table.raw(label)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        table.refuse(label, "not-an-integer", "名次应为整数,没有名次写 0", "a rank is an integer, 0 for none")
        return 0
    return value


def _words(reader: Reader, key: str) -> dict[str, str]:
    table = inner(reader, key)
    return (
        {} if table is None else {str(label): optional_name(table, str(label)) or "-" for label in table.data}
    )


def _gives(reader: Reader) -> dict[str, tuple[str, ...]]:
    table = inner(reader, "follows")
    if table is None:
        return {}
    return {str(who): () if table.raw(str(who)) == [] else names(table, str(who)) for who in table.data}


def _codes(reader: Reader) -> tuple[str, ...]:
    return () if reader.raw("findings") == [] else names(reader, "findings")
