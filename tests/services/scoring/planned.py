"""A small regulation for the bureau of the tests: cases by completion, deeds one by one, a rank among all, a gate."""

from typing import Any


def binding(**changes: Any) -> dict[str, Any]:
    """Done 10 × share of the target, 0.5 a deed up to 5, ranked by their sum: 3, 2, 1 points; nothing for nobody's work."""
    plan = {
        "format": "kaohe/plan/1",
        "name": "派出所考核办法",
        "nodes": {
            "done": {"type": "ratio", "actual": "cases", "target": "goal", "full": "10"},
            "deeds": {"type": "deeds", "events": "each", "kinds": {"case": {"each": "0.5"}}, "cap": "5"},
            "work": {
                "type": "combine",
                "method": "sum",
                "parts": [{"of": "done"}, {"of": "deeds"}],
                "missing": "zero",
                "not_applicable": "zero",
            },
            "place": {"type": "rank_points", "of": "work", "places": ["3", "2", "1"]},
            "total": {
                "type": "combine",
                "method": "sum",
                "parts": [{"of": "work"}, {"of": "place"}],
                "missing": "zero",
                "not_applicable": "zero",
                "decimals": 2,
            },
        },
        "total": "total",
    }
    return {
        "plan": plan,
        "sources": {
            "cases": {"indicator": "A2"},
            "goal": {"indicator": "A2", "how": "target"},
            "each": {"indicator": "A1", "how": "events", "event": "case"},
        },
        "lines": [
            {"node": "done", "module": "mod_business"},
            {"node": "deeds", "module": "mod_business"},
        ],
        "rest": "mod_business",
    } | changes
