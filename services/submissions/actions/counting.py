"""Figures about intake, review and appeals, counted after the commit. Closed label values, no identity."""

from typing import Final

from prometheus_client import Counter

SUBMITTED: Final = Counter("kaohe_submissions", "Submissions sent for review", ["module"])
UPLOADED: Final = Counter("kaohe_evidence_uploaded_bytes", "Bytes of evidence accepted", ["kind"])
UPLOAD_FAILURES: Final = Counter("kaohe_evidence_upload_failures", "Evidence files refused", ["reason"])
REPORTED: Final = Counter("kaohe_facts_reported", "Figures taken from other systems")
DECISIONS: Final = Counter("kaohe_review_decisions", "Review decisions", ["module", "decision"])
APPEALS: Final = Counter("kaohe_appeals_opened", "Appeals filed", ["module"])
APPEAL_DECISIONS: Final = Counter("kaohe_appeal_decisions", "Appeals ended", ["outcome"])
