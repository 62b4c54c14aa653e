"""The rule language: rules as data, evaluated in exact numbers, explained in words. Pure; the standard library only.

`parse` checks a rule and names every error with its place; `evaluate` gives points with the sentence that led to them;
`describe` says the rule itself as a sentence. Explanation and arithmetic come from the same tree.
"""

from rules.facts import Event, Facts, Result, State, Step
from rules.findings import Finding, RuleError
from rules.language import Rule, describe, evaluate, parse, points, to_data
from rules.rounding import half_up

__all__ = [
    "Event",
    "Facts",
    "Finding",
    "Result",
    "Rule",
    "RuleError",
    "State",
    "Step",
    "describe",
    "evaluate",
    "half_up",
    "parse",
    "points",
    "to_data",
]
