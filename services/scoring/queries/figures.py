"""What still has to be scored, and who has nothing."""

from typing import Final

from prometheus_client import Gauge

from kernel.figures import Figure

FIGURES: Final = (
    Figure(
        Gauge("kaohe_scores_due", "Changes that wait to be scored, by plans and by revised rules", ["by"]),
        "SELECT 'plan' AS by, count(*) AS value FROM plan_due UNION ALL SELECT 'rule', count(*) FROM rescore_due",
    ),
    Figure(
        Gauge(
            "kaohe_zero_score_subjects",
            "Officers and units whose total under a plan is zero, by period",
            ["subject"],
        ),
        "SELECT l.subject, count(s.subject_id) AS value FROM (VALUES ('officer'), ('unit')) AS l(subject) "
        "LEFT JOIN (standing s JOIN period p ON p.id = s.period_id AND p.status <> 'sealed') "
        "ON s.subject_kind = l.subject AND s.zero IS NOT NULL GROUP BY 1",
    ),
)
