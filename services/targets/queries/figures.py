"""Where the periods stand, and which targets wait for somebody."""

from typing import Final

from prometheus_client import Gauge

from kernel.figures import Figure

_STATES: Final = (
    "(VALUES ('open'), ('closing'), ('sealed')) AS l(state) LEFT JOIN period p ON p.status = l.state"
)

FIGURES: Final = (
    Figure(
        Gauge("kaohe_periods", "Periods by how far they are", ["state"]),
        f"SELECT l.state, count(p.id) AS value FROM {_STATES} GROUP BY 1",  # noqa: S608 -- constants
    ),
    Figure(
        Gauge(
            "kaohe_period_review_ended_seconds",
            "How long ago the review of the oldest period ended that is in this state",
            ["state"],
        ),
        "SELECT l.state, coalesce(greatest(extract(epoch FROM CAST(:now AS timestamptz) - min(p.review_until)), 0), 0) AS value "  # noqa: S608
        f"FROM {_STATES} WHERE l.state <> 'sealed' GROUP BY 1",
    ),
    Figure(
        Gauge(
            "kaohe_targets_waiting",
            "Targets that were refused or have lost their officer, and wait for somebody",
            ["why"],
        ),
        "SELECT 'refused' AS why, count(*) AS value FROM target WHERE refused_at IS NOT NULL AND status <> 'withdrawn' "
        "UNION ALL SELECT 'orphaned', count(*) FROM target WHERE orphaned_on IS NOT NULL AND status <> 'withdrawn'",
    ),
)
