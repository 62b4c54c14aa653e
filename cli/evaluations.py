"""What `kaohe evaluate` shows of a plan over facts: totals and standing, and every node's sentence when asked."""

from rich.console import Console
from rich.table import Table

from cli.texts import say
from rules.plan import Evaluation
from rules.plan.explanation import explain
from rules.rounding import plain
from rules.standing import Settlement

_console = Console(highlight=False, soft_wrap=True, markup=False)


def show_evaluation(evaluation: Evaluation, settled: Settlement, *, explained: bool) -> None:
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
