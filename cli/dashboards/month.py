"""How far is this month: work sent in, reviewed, appealed against, scored, closed."""

from typing import Final

from cli.dashboards.grafana import Board, Panel, Query

_HOUR: Final = "sum(increase(kaohe_submissions_total[1h]))"


def _times(metric: str) -> tuple[Query, ...]:
    """Half and 95 of 100 over the last six hours: these things happen a few times a month."""
    return tuple(
        Query(f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket[6h])))", f"{float(share):.0%}")
        for share in ("0.5", "0.95")
    )


MONTH: Final = Board(
    uid="kaohe-month",
    zh="本月业务",
    en="Business of the month",
    question="本期走到哪? / How far is this month?",
    how="审核积压和复议逾期转考核办;审核期结束三天仍未结账会告警。 / Backlogs and overdue appeals are for the assessment office.",
    panels=(
        Panel("各状态的周期", "Periods by state", (Query("max by (state) (kaohe_periods)", "{{state}}"),), kind="stat", width=12),
        Panel("审核期结束至今", "Since the review ended", (Query("max by (state) (kaohe_period_review_ended_seconds)", "{{state}}"),), kind="stat", unit="dtdurations", width=12, limit=3 * 86400, alert="KaohePeriodCloseOverdue"),
        Panel("每小时提交(对照上月)", "Submissions an hour, and a month ago", (
            Query(_HOUR, "本月 / now"),
            Query("sum(increase(kaohe_submissions_total[1h] offset 30d))", "上月 / last month"),
        ), width=12),
        Panel("各类提交", "Submissions by module", (Query("sum by (module) (increase(kaohe_submissions_total[1h]))", "{{module}}"),), width=12),
        Panel("审核积压", "Waiting for review", (Query("max by (module) (kaohe_review_backlog)", "{{module}}"),)),
        Panel("最早的等待", "Oldest of them", (Query("max by (module) (kaohe_review_oldest_age_seconds)", "{{module}}"),), unit="s", limit=3 * 86400, alert="KaoheReviewBacklogAgeing"),
        Panel("审核结论", "Decisions", (Query("sum by (decision) (increase(kaohe_review_decisions_total[1h]))", "{{decision}}"),)),
        Panel("待决复议", "Appeals open", (Query("max by (level) (kaohe_appeals_open)", "{{level}} 审 / instance"),)),
        Panel("逾期复议", "Appeals overdue", (Query("max by (level) (kaohe_appeals_overdue)", "{{level}} 审 / instance"),), limit=1, alert="KaoheAppealsOverdue"),
        Panel("复议提出与结论", "Appeals filed and decided", (
            Query("sum(increase(kaohe_appeals_opened_total[1d]))", "提出 / filed"),
            Query("sum by (outcome) (increase(kaohe_appeal_decisions_total[1d]))", "{{outcome}}"),
        )),
        Panel("待处理的目标", "Targets that wait", (Query("max by (why) (kaohe_targets_waiting)", "{{why}}"),)),
        Panel("零分", "Zero scores", (Query("max by (subject) (kaohe_zero_score_subjects)", "{{subject}}"),)),
        Panel("外部数据", "Figures from other systems", (Query("sum(increase(kaohe_facts_reported_total[1h]))", "条 / figures"),)),
        Panel("入账", "Ledger entries", (Query("sum by (module, kind) (increase(kaohe_score_entries_total[1h]))", "{{module}} {{kind}}"),), width=12),
        Panel("证据", "Evidence", (Query("sum by (kind) (increase(kaohe_evidence_uploaded_bytes_total[1h]))", "{{kind}}"),), unit="bytes", width=12),
        Panel("计分用时", "Time to score", (Query("histogram_quantile(0.95, sum by (scope, le) (rate(kaohe_score_recalc_duration_seconds_bucket[1h])))", "{{scope}} 95%"),), unit="s", width=6),
        Panel("按方案评价", "Runs of plans", _times("kaohe_plan_run_duration_seconds"), unit="s", width=6),
        Panel("试算", "Trials", _times("kaohe_trial_duration_seconds"), unit="s", width=6),
        Panel("封存", "Seals", _times("kaohe_seal_duration_seconds"), unit="s", width=6),
    ),
)  # fmt: skip
