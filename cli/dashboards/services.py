"""Are users well served: rate, errors, duration of every service."""

from typing import Final

from cli.dashboards.grafana import Board, Panel, Query

_BUCKETS: Final = 'sum by (job, le) (rate(http_request_duration_seconds_bucket{job=~"$job"}[5m]))'
_ALL: Final = 'sum by (job) (rate(http_requests_total{job=~"$job"}[5m]))'
_FAILED: Final = 'sum by (job) (rate(http_requests_total{job=~"$job",status="5xx"}[5m]))'

SERVICES_RED: Final = Board(
    uid="kaohe-services",
    zh="服务",
    en="Services (RED)",
    question="用户现在好不好? / Are users well served?",
    how="先看告警和入口,再看出错比例、应答时间;依赖为 0 时看机器看板。 / Alerts and the door first, then errors and times.",
    jobs=True,
    panels=(
        Panel("正在告警", "Alerts firing", (Query('sum by (alertname, severity) (ALERTS{alertstate="firing",severity!="none"}) or vector(0)', "{{alertname}}"),), kind="stat", width=6),
        Panel("入口", "The door answers", (Query("min(probe_success)", "入口 / door"),), kind="stat", unit="bool_yes_no", width=6, limit=1, below=True, alert="KaoheDoorClosed"),
        Panel("服务在线", "Services up", (Query('min by (job) (up{job=~"$job"})', "{{job}}"),), kind="stat", unit="bool_yes_no", width=6, limit=1, below=True, alert="KaoheServiceDown"),
        Panel("版本", "Versions", (Query("max by (service, version) (kaohe_build_info)", "{{service}} {{version}}"),), kind="table", width=6),
        Panel("请求", "Requests", (Query(_ALL, "{{job}}"),), unit="reqps"),
        Panel("出错比例", "Error ratio", (Query(f"{_FAILED} / {_ALL} or {_ALL} * 0", "{{job}}"),), unit="percentunit", limit=0.05, alert="KaoheErrorRatioHigh"),
        Panel("正在处理", "In progress", (Query('sum by (job) (http_requests_inprogress{job=~"$job"})', "{{job}}"),)),
        Panel("应答时间:一半", "Duration, half of them", (Query(f"histogram_quantile(0.5, {_BUCKETS})", "{{job}}"),), unit="s"),
        Panel("应答时间:95%", "Duration, 95 of 100", (Query(f"histogram_quantile(0.95, {_BUCKETS})", "{{job}}"),), unit="s", limit=1.5, alert="KaoheLatencyHigh"),
        Panel("应答时间:99%", "Duration, 99 of 100", (Query(f"histogram_quantile(0.99, {_BUCKETS})", "{{job}}"),), unit="s"),
        Panel("最慢的接口(95%)", "Slowest routes (95 of 100)", (Query('topk(10, job_handler:http_request_duration_seconds:p95_5m{job=~"$job"} > 0)', "{{job}} {{handler}}"),), unit="s", kind="bargauge", width=12),
        Panel("提交通路", "The way of submissions", (Query('sum by (status) (rate(http_requests_total{job="submissions",method!="GET"}[5m]))', "{{status}}"),), unit="reqps", width=12, alert="KaoheSubmitPathFailing"),
        Panel("登录", "Sign-ins", (Query("sum by (outcome) (rate(kaohe_login_attempts_total[5m]))", "{{outcome}}"),), unit="ops", alert="KaoheLoginFailuresSpike"),
        Panel("被拒绝的请求", "Refused requests", (
            Query("sum by (service) (rate(kaohe_permission_denied_total[5m]))", "{{service}} 权限 / rights"),
            Query("sum by (service) (rate(kaohe_rate_refused_total[5m]))", "{{service}} 频率 / rate"),
        ), unit="ops"),
        Panel("打开的页面", "Pages that listen", (Query("sum(kaohe_live_streams)", "页面 / pages"),)),
        Panel("上传", "Uploads", (Query("sum by (kind) (rate(kaohe_evidence_uploaded_bytes_total[5m]))", "{{kind}}"),), unit="Bps"),
        Panel("上传失败", "Failed uploads", (Query("sum by (reason) (increase(kaohe_evidence_upload_failures_total[1h]))", "{{reason}}"),)),
        Panel("依赖", "Dependencies", (Query("min by (service, dependency) (kaohe_dependency_up)", "{{service}} {{dependency}}"),), limit=1, below=True, alert="KaoheDependencyDown"),
        Panel("依赖的应答时间(95%)", "Calls of dependencies (95 of 100)", (Query("histogram_quantile(0.95, sum by (dependency, le) (rate(kaohe_dependency_call_seconds_bucket[5m])))", "{{dependency}}"),), unit="s"),
        Panel("数据库连接池", "Database pools", (Query("sum by (service, state) (kaohe_db_pool_connections)", "{{service}} {{state}}"),)),
        Panel("等待连接(95%)", "Wait for a connection (95 of 100)", (Query("histogram_quantile(0.95, sum by (service, le) (rate(kaohe_db_pool_wait_seconds_bucket[5m])))", "{{service}}"),), unit="s"),
    ),
)  # fmt: skip
