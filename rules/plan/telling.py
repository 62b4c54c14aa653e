"""An evaluation as plain data: what `kaohe evaluate --json` prints. Exact values are text; fractions say so."""

from typing import Any

from rules.findings import Finding
from rules.plan.evaluation import Evaluation
from rules.plan.exact import exact_text
from rules.plan.explanation import explain
from rules.standing.settlement import Settlement


def told(evaluation: Evaluation, settled: Settlement, *, explained: bool = False) -> dict[str, Any]:
    plan, facts = evaluation.plan, evaluation.board.facts
    struck, unknown = evaluation.deadlines()
    return {
        "plan": plan.title,
        "period": facts.period.key,
        "settings": dict(plan.chosen),
        "order": [*plan.order, *(step.en for step in settled.order)],
        "subjects": [_subject(evaluation, settled, s.id, explained=explained) for s in facts.subjects],
        "given": [
            {
                "to": given.to,
                "subject": given.subject,
                "gives": list(given.gives),
                "amount": None if given.amount is None else exact_text(given.amount),
                "why": {"zh": given.why.zh, "en": given.why.en},
            }
            for given in settled.given
        ],
        "deadlines": [
            {"id": c.id, "procedure": c.procedure, "raw": c.raw, "last": c.last, "open": c.open}
            for c in struck
        ],
        "findings": [_finding(f) for f in (*evaluation.findings, *settled.findings, *unknown)],
    }


def _subject(evaluation: Evaluation, settled: Settlement, key: str, *, explained: bool) -> dict[str, Any]:
    outcome, found = evaluation.outcome(key), settled.outcomes[key]
    nodes = {
        node: exact_text(value)
        for node in evaluation.order
        if (value := evaluation.value(key, node)) is not None
    }
    data: dict[str, Any] = {
        "id": key,
        "state": outcome.state.value,
        "total": None if outcome.value is None else exact_text(outcome.value),
        "nodes": nodes,
        "ranks": {scope: position.rank for scope, position in found.positions.items()},
        "grade": found.shown,
    }
    if explained:
        data["explanation"] = {
            language: [
                {"node": line.node, "words": line.words, "steps": list(line.steps)}
                for line in explain(evaluation, key, language)
            ]
            for language in ("zh", "en")
        }
    return data


def _finding(finding: Finding) -> dict[str, str]:
    return {"place": finding.place, "code": finding.code, "zh": finding.zh, "en": finding.en}
