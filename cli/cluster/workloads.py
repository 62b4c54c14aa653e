"""Deployment, Service, disruption budget and autoscaler of a process; the Job that migrates."""

from typing import Any, Final

from cli.cluster.processes import Process
from kernel.version import VERSION

IMAGE: Final = "kaohe"
USER: Final = 10001
_CONFINED: Final = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}
_POD: Final = {
    "runAsNonRoot": True,
    "runAsUser": USER,
    "runAsGroup": USER,
    "fsGroup": USER,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_MIGRATION_SECRETS: Final = ("kaohe_postgres_password", "kaohe_database_passwords")


def labels(process: Process) -> dict[str, str]:
    """`name` is the service, as figures and alerts call it; `component` the process."""
    return {
        "app.kubernetes.io/name": process.service,
        "app.kubernetes.io/component": process.name,
        "app.kubernetes.io/part-of": "kaohe",
    }


def selector(process: Process) -> dict[str, str]:
    return {"app.kubernetes.io/component": process.name}


def deployment(process: Process) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": process.name, "labels": labels(process)},
        "spec": {
            "revisionHistoryLimit": 3,
            "selector": {"matchLabels": selector(process)},
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
            "template": {
                "metadata": {"labels": labels(process)},
                "spec": _pod(
                    _container(process), process.secrets, grace_s=process.grace_s, apart=selector(process)
                ),
            },
        },
    }


def service(process: Process) -> dict[str, Any]:
    ports = [{"name": "http", "port": 8000, "targetPort": "http"}]
    if process.figures != 8000:
        ports.append({"name": "figures", "port": process.figures, "targetPort": "figures"})
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": process.name, "labels": labels(process)},
        "spec": {"selector": selector(process), "ports": ports},
    }


def disruption(process: Process) -> dict[str, Any]:
    """One at a time; `minAvailable: 1` would keep a node with a single copy from ever being emptied."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": process.name},
        "spec": {"maxUnavailable": 1, "selector": {"matchLabels": selector(process)}},
    }


def scaling(process: Process) -> dict[str, Any]:
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": process.name},
        "spec": {
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": process.name},
            "minReplicas": 2,
            "maxReplicas": process.replicas_most,
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 200}},
                }
            ],
        },
    }


def migration() -> dict[str, Any]:
    """Its name carries the version: a Job cannot be changed, and each version migrates once."""
    container = {
        "name": "migrate",
        "image": IMAGE,
        "args": ["provision"],
        "env": [{"name": "KAOHE_POSTGRES_HOST", "value": "postgres"}],
        "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "512Mi"}},
        "securityContext": _CONFINED,
        "volumeMounts": _mounts(),
    }
    name = {"app.kubernetes.io/component": "migrate", "app.kubernetes.io/part-of": "kaohe"}
    pod = _pod(container, {name: name for name in _MIGRATION_SECRETS}, grace_s=30)
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"migrate-{VERSION.replace('.', '-')}", "labels": name},
        "spec": {
            "backoffLimit": 6,
            "activeDeadlineSeconds": 900,
            "template": {"metadata": {"labels": name}, "spec": {**pod, "restartPolicy": "Never"}},
        },
    }


def _pod(
    container: dict[str, Any], secrets: dict[str, str], *, grace_s: int, apart: dict[str, str] | None = None
) -> dict[str, Any]:
    items = [{"key": key, "path": path} for path, key in sorted(secrets.items())]
    pod: dict[str, Any] = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "terminationGracePeriodSeconds": grace_s,
        "securityContext": _POD,
        "containers": [container],
        "volumes": [
            {"name": "secrets", "secret": {"secretName": "kaohe", "defaultMode": 0o440, "items": items}},
            {"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}},
        ],
    }
    if apart:
        pod["topologySpreadConstraints"] = [
            {
                "maxSkew": 1,
                "topologyKey": "kubernetes.io/hostname",
                "whenUnsatisfiable": "ScheduleAnyway",
                "labelSelector": {"matchLabels": apart},
                # Pods of the old version are going: where they are does not matter.
                "matchLabelKeys": ["pod-template-hash"],
            }
        ]
    return pod


def _container(process: Process) -> dict[str, Any]:
    ports = [{"name": "http", "containerPort": 8000}]
    if process.figures != 8000:
        ports.append({"name": "figures", "containerPort": process.figures})
    return {
        "name": "kaohe",
        "image": IMAGE,
        "args": list(process.command),
        "envFrom": [{"configMapRef": {"name": "settings"}}],
        "env": [{"name": key, "value": value} for key, value in process.environment.items()],
        "ports": ports,
        # Until the migration has run, a process ends at once and is started again.
        "startupProbe": _probe("/health/live", every_s=2, times=150),
        "livenessProbe": _probe("/health/live", every_s=20, times=3),
        "readinessProbe": _probe(process.ready, every_s=10, times=3),
        # Endpoints are told late that a pod is going: requests still come for some seconds.
        "lifecycle": {"preStop": {"sleep": {"seconds": 5}}},
        "resources": {
            "requests": {"cpu": "100m", "memory": f"{process.memory_mib * 2 // 3}Mi"},
            "limits": {"memory": f"{process.memory_mib}Mi"},
        },
        "securityContext": _CONFINED,
        "volumeMounts": _mounts(),
    }


def _mounts() -> list[dict[str, Any]]:
    return [
        {"name": "secrets", "mountPath": "/run/secrets", "readOnly": True},
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 -- an emptyDir of its own
    ]


def _probe(path: str, *, every_s: int, times: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": "http"},
        "periodSeconds": every_s,
        "failureThreshold": times,
        "timeoutSeconds": 5,
    }
