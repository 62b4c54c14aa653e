"""How much work waits for a decision, and how long it has waited."""

from typing import Final

from prometheus_client import Gauge

from kernel.figures import Figure

_WAITING: Final = "status IN ('submitted', 'in_review')"
_OPEN: Final = "status IN ('filed', 'admitted', 'waiting')"
_MODULES: Final = "(SELECT DISTINCT module FROM indicator) AS m LEFT JOIN indicator i ON i.module = m.module"

FIGURES: Final = (
    Figure(
        Gauge("kaohe_review_backlog", "Submissions that wait for a decision", ["module"]),
        f"SELECT m.module, count(s.id) AS value FROM {_MODULES} "  # noqa: S608 -- constants
        f"LEFT JOIN submission s ON s.indicator_id = i.id AND s.{_WAITING} GROUP BY 1",
    ),
    Figure(
        Gauge("kaohe_review_oldest_age_seconds", "How long the oldest of them has waited", ["module"]),
        f"SELECT m.module, coalesce(extract(epoch FROM CAST(:now AS timestamptz) - min(s.submitted_at)), 0) AS value FROM {_MODULES} "  # noqa: S608
        f"LEFT JOIN submission s ON s.indicator_id = i.id AND s.{_WAITING} GROUP BY 1",
    ),
    Figure(
        Gauge("kaohe_appeals_open", "Appeals that wait for a decision", ["level"]),
        f"SELECT l.level, count(a.id) AS value FROM (VALUES (1), (2)) AS l(level) "  # noqa: S608
        f"LEFT JOIN appeal a ON a.level = l.level AND a.{_OPEN} GROUP BY 1",
    ),
    Figure(
        Gauge("kaohe_appeals_overdue", "Of these, such as should have been decided by now", ["level"]),
        f"SELECT l.level, count(a.id) AS value FROM (VALUES (1), (2)) AS l(level) "  # noqa: S608
        f"LEFT JOIN appeal a ON a.level = l.level AND a.{_OPEN} AND a.stopped_at IS NULL AND a.decide_until < :now GROUP BY 1",
    ),
)
