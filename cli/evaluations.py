"""What `kaohe evaluate` shows of a plan over facts: totals and standing, and every node's sentence when asked."""

from rich.console import Console
from rich.table import Table

from cli.texts import say
from rules.plan import Evaluation
from rules.plan.explanation import explain
from rules.rounding import plain
from rules.standing import Settlement
from rules.standing.ranking import OVERALL

_console = Console(highlight=False, soft_wrap=True, markup=False)


def show_evaluation(evaluation: Evaluation, settled: Settlement, *, explained: bool) -> None:
    plan, facts = evaluation.plan, evaluation.board.facts
    language = say("zh", "en")
    _console.print(f"{say(plan.title, plan.title_en or plan.title)}  {facts.period.key}")
    for label, value in plan.chosen.items():
        choice = plan.choices[label]
        words = choice.words[choice.values.index(value)].say(language) if value in choice.values else ""
        _console.print(f"  {label} = {value}" + (say(f"({words})", f" ({words})") if words else ""))
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
            _why(settled, subject.id, language)


def _why(settled: Settlement, subject: str, language: str) -> None:
    """Rank, grade and what follows, each with its reason."""
    outcome = settled.outcomes[subject]
    for scope, position in outcome.positions.items():
        where = say("总排名", "overall") if scope == OVERALL else scope
        _console.print(
            say(
                f"  名次({where}): {position.rank}/{position.of}",
                f"  rank ({where}): {position.rank} of {position.of}",
            )
        )
    for line in outcome.graded.lines if outcome.graded is not None else ():
        _console.print(say("  等次: ", "  grade: ") + line.say(language))
    for given in settled.given:
        if given.subject == subject:
            what = "、".join(given.gives) or (plain(given.amount) if given.amount is not None else "")
            to = "" if given.to == subject else f"{given.to} "
            _console.print(
                say("  奖惩: ", "  follows: ") + f"{to}{what}{say(':', ': ')}{given.why.say(language)}"
            )


def _table(evaluation: Evaluation, settled: Settlement) -> Table:
    table = Table()
    scopes = evaluation.plan.standing.ranking.scopes
    for label in (
        say("对象", "subject"),
        say("总分", "total"),
        *(
            say("名次", "rank") if scope == OVERALL else say(f"名次({scope})", f"rank ({scope})")
            for scope in scopes
        ),
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
            *(str(found.rank(scope) or "-") for scope in scopes),
            found.shown or "-",
            "、".join(follows),
        )
    return table
