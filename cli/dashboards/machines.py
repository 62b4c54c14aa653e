"""How long will it last: machine, database, broker, backups, certificate."""

from typing import Final

from cli.dashboards.grafana import Board, Panel, Query

_REAL: Final = '{fstype!~"tmpfs|overlay"}'

MACHINES: Final = Board(
    uid="kaohe-machines",
    zh="机器与备份",
    en="Machines and backups",
    question="还能撑多久? / How long will it last?",
    how="先看备份和磁盘;数据库连接到 85% 会告警。 / Backups and disks first; connections alert at 85 per cent.",
    panels=(
        Panel("上次备份至今", "Since the last backup", (Query("time() - max(kaohe_backup_last_success_timestamp_seconds)", "备份 / backup"),), kind="stat", unit="dtdurations", width=6, limit=50 * 3600, alert="KaoheBackupStale"),
        Panel("上次恢复演练至今", "Since the last drill", (Query("time() - max(kaohe_restore_drill_last_success_timestamp_seconds)", "演练 / drill"),), kind="stat", unit="dtdurations", width=6, limit=35 * 86400, alert="KaoheRestoreDrillStale"),
        Panel("证书还有", "Certificate lasts", (Query("min(probe_ssl_earliest_cert_expiry) - time()", "证书 / certificate"),), kind="stat", unit="dtdurations", width=6, limit=3 * 3600, below=True, alert="KaoheCertificateExpiring"),
        Panel("抓取目标", "Targets that answer", (Query("min by (job) (up)", "{{job}}"),), kind="stat", unit="bool_yes_no", width=6, limit=1, below=True, alert="KaoheServiceDown"),
        Panel("磁盘剩余", "Disk free", (Query(f"min by (instance, mountpoint) (node_filesystem_avail_bytes{_REAL} / node_filesystem_size_bytes{_REAL})", "{{instance}} {{mountpoint}}"),), unit="percentunit", limit=0.15, below=True, alert="KaoheDiskFillingUp"),
        Panel("30 天后的磁盘", "Disk in 30 days", (Query(f"predict_linear(node_filesystem_avail_bytes{_REAL}[7d], 30 * 86400)", "{{instance}} {{mountpoint}}"),), unit="bytes", limit=0, below=True, alert="KaoheDiskFullIn30Days"),
        Panel("磁盘忙", "Disk busy", (Query("max by (instance, device) (rate(node_disk_io_time_seconds_total[5m]))", "{{instance}} {{device}}"),), unit="percentunit"),
        Panel("处理器", "Processors", (Query('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))', "{{instance}}"),), unit="percentunit"),
        Panel("负载(每核)", "Load a core", (Query('sum by (instance) (node_load5) / count by (instance) (node_cpu_seconds_total{mode="idle"})', "{{instance}}"),)),
        Panel("内存可用", "Memory available", (Query("min by (instance) (node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", "{{instance}}"),), unit="percentunit"),
        Panel("网络", "Network", (
            Query('sum by (instance) (rate(node_network_receive_bytes_total{device!="lo"}[5m]))', "{{instance}} 收 / in"),
            Query('sum by (instance) (rate(node_network_transmit_bytes_total{device!="lo"}[5m]))', "{{instance}} 发 / out"),
        ), unit="Bps"),
        Panel("各进程内存", "Memory of processes", (Query("sum by (job) (process_resident_memory_bytes)", "{{job}}"),), unit="bytes"),
        Panel("各进程处理器", "Processor time of processes", (Query("sum by (job) (rate(process_cpu_seconds_total[5m]))", "{{job}}"),)),
        Panel("数据库连接", "Database connections", (Query("sum by (instance) (pg_stat_activity_count) / on (instance) pg_settings_max_connections", "{{instance}}"),), unit="percentunit", limit=0.85, alert="KaoheDatabaseConnectionsHigh"),
        Panel("各库连接", "Connections by database", (Query('sum by (datname) (pg_stat_activity_count{datname!=""})', "{{datname}}"),)),
        Panel("缓存命中", "Cache hits", (Query('sum by (datname) (rate(pg_stat_database_blks_hit{datname=~"kaohe_.*"}[5m])) / sum by (datname) (rate(pg_stat_database_blks_hit{datname=~"kaohe_.*"}[5m]) + rate(pg_stat_database_blks_read{datname=~"kaohe_.*"}[5m]))', "{{datname}}"),), unit="percentunit"),
        Panel("数据库大小", "Database size", (Query('max by (datname) (pg_database_size_bytes{datname=~"kaohe_.*"})', "{{datname}}"),), unit="bytes"),
        Panel("事务", "Transactions", (
            Query('sum by (datname) (rate(pg_stat_database_xact_commit{datname=~"kaohe_.*"}[5m]))', "{{datname}}"),
        ), unit="ops"),
        Panel("死锁与回滚", "Deadlocks and rollbacks", (
            Query('sum by (datname) (increase(pg_stat_database_deadlocks{datname=~"kaohe_.*"}[1h]))', "{{datname}} 死锁 / deadlocks"),
            Query('sum by (datname) (increase(pg_stat_database_xact_rollback{datname=~"kaohe_.*"}[1h]))', "{{datname}} 回滚 / rollbacks"),
        )),
        Panel("主备", "Primary and standby", (
            Query("sum(patroni_primary)", "主库 / primary"),
            Query("sum(patroni_sync_standby)", "同步备库 / synchronous standby"),
        ), alert="KaoheStandbyMissing"),
        Panel("附件只有一份", "Files with one copy", (Query("max(kaohe_storage_single_copies)", "附件 / files"),), limit=1, alert="KaoheSingleCopies"),
        Panel("锁", "Locks", (Query('sum by (mode) (pg_locks_count{datname=~"kaohe_.*"})', "{{mode}}"),)),
        Panel("最长的事务", "Longest transaction", (Query('max by (datname) (pg_stat_activity_max_tx_duration{datname=~"kaohe_.*"})', "{{datname}}"),), unit="s"),
        Panel("消息代理内存", "Memory of the broker", (
            Query("max(rabbitmq_process_resident_memory_bytes)", "已用 / used"),
            Query("max(rabbitmq_resident_memory_limit_bytes)", "上限 / limit"),
        ), unit="bytes"),
        Panel("消息代理告警", "Alarms of the broker", (
            Query("max(rabbitmq_alarms_memory_used_watermark)", "内存 / memory"),
            Query("max(rabbitmq_alarms_free_disk_space_watermark)", "磁盘 / disk"),
        ), limit=1, alert="KaoheRabbitAlarm"),
        Panel("监控自身", "Prometheus itself", (
            Query("max(prometheus_tsdb_head_series)", "序列 / series"),
            Query("sum(rate(prometheus_rule_evaluation_failures_total[5m]))", "规则失败 / failed rules"),
        )),
    ),
)  # fmt: skip
