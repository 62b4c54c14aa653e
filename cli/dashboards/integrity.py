"""Does anything hang, and do the books agree: events, jobs, ledger, audit log, seal."""

from typing import Final

from cli.dashboards.grafana import Board, Panel, Query

INTEGRITY: Final = Board(
    uid="kaohe-integrity",
    zh="消息与台账",
    en="Bus and ledger",
    question="谁卡住了,账对不对? / What hangs, and do the books agree?",
    how="上两行应为 0 或很快回到 0;核验失败、得分不符、分叉必须为 0。 / The first rows return to 0 by themselves; failures, drift and forks must be 0.",
    panels=(
        Panel("核验不通过", "Failed verifications", (Query("sum by (check) (kaohe_verification_failures)", "{{check}}"),), kind="stat", width=6, limit=1, alert="KaoheVerificationFailed"),
        Panel("得分不符", "Score drift", (Query("sum by (check) (kaohe_score_drift)", "{{check}}"),), kind="stat", width=6, limit=1, alert="KaoheScoreDrift"),
        Panel("搁置的事件", "Parked events", (Query("sum by (consumer) (kaohe_bus_parked)", "{{consumer}}"),), kind="stat", width=6, limit=1, alert="KaoheEventParked"),
        Panel("分叉", "Forks", (
            Query("sum by (consumer) (kaohe_bus_ghosts)", "{{consumer}} 来源丢失 / lost"),
            Query("sum by (service) (kaohe_bus_offers)", "{{service}} 待认领 / offered"),
        ), kind="stat", width=6, limit=1, alert="KaoheFork"),
        Panel("待编号的事件", "Events not numbered", (Query("max by (service) (kaohe_outbox_pending)", "{{service}}"),)),
        Panel("最早的等待", "Oldest of them", (Query("max by (service) (kaohe_outbox_oldest_age_seconds)", "{{service}}"),), unit="s", limit=300, alert="KaoheOutboxStuck"),
        Panel("落后的事件", "Events behind", (Query("max by (consumer, stream) (kaohe_bus_lag_events)", "{{consumer}} ← {{stream}}"),), limit=1000, alert="KaoheConsumerBehind"),
        Panel("从提交到生效(95%)", "From commit to effect (95 of 100)", (Query("consumer:kaohe_event_age_seconds:p95_5m", "{{consumer}}"),), unit="s"),
        Panel("处理一批(95%)", "Time to apply (95 of 100)", (Query("histogram_quantile(0.95, sum by (consumer, le) (rate(kaohe_event_processing_seconds_bucket[5m])))", "{{consumer}}"),), unit="s"),
        Panel("待计分", "Waiting to be scored", (Query("max by (by) (kaohe_scores_due)", "{{by}}"),), alert="KaoheScoresBehind"),
        Panel("编号", "Numbered", (Query("sum by (stream) (rate(kaohe_bus_stamped_total[5m]))", "{{stream}}"),), unit="ops"),
        Panel("发出", "Published", (Query("sum by (stream, outcome) (rate(kaohe_events_published_total[5m]))", "{{stream}} {{outcome}}"),), unit="ops"),
        Panel("生效", "Applied", (Query("sum by (consumer, outcome) (rate(kaohe_events_consumed_total[5m]))", "{{consumer}} {{outcome}}"),), unit="ops"),
        Panel("登记", "Recorded", (Query("sum by (consumer, step) (rate(kaohe_bus_recorded_total[5m]))", "{{consumer}} {{step}}"),), unit="ops"),
        Panel("拉取", "Pulled pages", (Query("sum by (consumer) (rate(kaohe_bus_pull_pages_total[5m]))", "{{consumer}}"),), unit="ops"),
        Panel("反复失败的循环", "Failing loops", (Query("sum by (service, worker) (increase(kaohe_bus_worker_failures_total[15m])) or vector(0)", "{{service}} {{worker}}"),), limit=5, alert="KaoheWorkerFailing"),
        Panel("队列", "Queues", (
            Query("sum(rabbitmq_queue_messages_ready)", "待取 / ready"),
            Query("sum(rabbitmq_queue_messages_unacked)", "未确认 / unacknowledged"),
            Query("sum(rabbitmq_queue_consumers)", "消费者 / consumers"),
        )),
        Panel("定时任务", "Periodic jobs", (Query("sum by (service, outcome) (rate(kaohe_job_runs_total[5m]))", "{{service}} {{outcome}}"),), unit="ops"),
        Panel("委办", "Errands", (
            Query("sum by (kind, outcome) (increase(kaohe_errand_runs_total[1h]))", "{{kind}} {{outcome}}"),
        )),
        Panel("委办用时(95%)", "Time of errands (95 of 100)", (Query("histogram_quantile(0.95, sum by (kind, le) (rate(kaohe_errand_seconds_bucket[1h])))", "{{kind}}"),), unit="s"),
        Panel("入账", "Ledger entries", (Query("sum by (kind) (rate(kaohe_score_entries_total[5m]))", "{{kind}}"),), unit="ops"),
        Panel("上次核验至今", "Since the last verification", (Query("time() - max by (check) (kaohe_last_verification_timestamp_seconds)", "{{check}}"),), unit="dtdurations", kind="bargauge", limit=50 * 3600, alert="KaoheVerificationStale"),
        Panel("审计", "Audit log", (
            Query("max by (service) (kaohe_audit_unchained)", "{{service}} 待编号 / not numbered"),
        ), limit=1000, alert="KaoheAuditUnchained"),
        Panel("审计编号", "Audit records chained", (Query("sum by (service) (rate(kaohe_audit_chained_total[5m]))", "{{service}}"),), unit="ops"),
        Panel("封存日志", "Seal log", (
            Query("max(kaohe_seal_log_size)", "条目 / entries"),
            Query("max(kaohe_seal_witnessed_size)", "已见证 / witnessed"),
        ), alert="KaoheSealUnwitnessed"),
    ),
)  # fmt: skip
