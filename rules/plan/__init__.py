"""A whole regulation as data: a plan is a graph of named nodes, applied to facts of many subjects in groups.

`parse_plan` checks a plan and names every error with its place, `parse_facts` the facts; `evaluate` gives every node's
value for every subject, the sentences that led there when they are asked for, and the standing that follows. `check_plan` is for who publishes a
plan, `dry_run` shows who moves under another version, `Live` follows facts as they change.
"""

from rules.plan.checks import Checked, check_plan
from rules.plan.dry_run import DryRun, dry_run
from rules.plan.evaluation import Evaluation, evaluate, missing
from rules.plan.facts import Deed, PlanFacts, PlanSubject, parse_facts
from rules.plan.incremental import Live
from rules.plan.outcomes import Outcome
from rules.plan.plan import Plan, parse_plan

__all__ = [
    "Checked",
    "Deed",
    "DryRun",
    "Evaluation",
    "Live",
    "Outcome",
    "Plan",
    "PlanFacts",
    "PlanSubject",
    "check_plan",
    "dry_run",
    "evaluate",
    "missing",
    "parse_facts",
    "parse_plan",
]
