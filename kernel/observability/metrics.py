"""Figures about requests, sign-ins and the process. No identity in labels, closed label values."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

REQUESTS: Final = Counter("http_requests", "Requests answered", ["job", "handler", "method", "status"])
DURATION: Final = Histogram(
    "http_request_duration_seconds",
    "Time to answer",
    ["job", "handler", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS: Final = Gauge("http_requests_inprogress", "Requests being answered", ["job"])
BUILD: Final = Gauge("kaohe_build_info", "What runs", ["service", "version"])
DEPENDENCY_UP: Final = Gauge(
    "kaohe_dependency_up", "Whether a dependency answered the last ping", ["service", "dependency"]
)
POOL: Final = Gauge("kaohe_db_pool_connections", "Database connections", ["service", "state"])
POOL_WAIT: Final = Histogram(
    "kaohe_db_pool_wait_seconds",
    "Time until a database connection was free",
    ["service"],
    buckets=(0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10),
)
POOL_WAITING: Final = Gauge("kaohe_db_pool_waiting", "Who waits for a database connection", ["service"])
DEPENDENCY_CALLS: Final = Histogram(
    "kaohe_dependency_call_seconds",
    "Calls to the database (each statement), the file storage and the broker",
    ["service", "dependency", "outcome"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
LOGINS: Final = Counter("kaohe_login_attempts", "Sign-ins", ["method", "outcome"])
PERMISSION_DENIED: Final = Counter("kaohe_permission_denied", "Requests beyond a role", ["service"])
RATE_REFUSED: Final = Counter("kaohe_rate_refused", "Requests beyond a rate", ["service", "limit"])
JOB_RUNS: Final = Counter("kaohe_job_runs", "Runs of periodic jobs", ["service", "job", "outcome"])
