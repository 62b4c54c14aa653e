"""Figures of the audit log."""

from typing import Final

from prometheus_client import Counter, Gauge

RECORDS_CHAINED: Final = Counter(
    "kaohe_audit_chained", "Records of the audit log numbered and chained", ["service"]
)
UNCHAINED: Final = Gauge(
    "kaohe_audit_unchained", "Records of the audit log that wait for their number", ["service"]
)
