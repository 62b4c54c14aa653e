"""Faults that last: the alerts for them must fire, and end."""

import json
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from bench.county.installation import Installation, until

FIRES_WITHIN_S = 420  # two minutes, the rounds of scraping and evaluating, and a busy machine
ROOM_LEFT = 0.03  # of the data disk: the alert is for 5 %


@dataclass(frozen=True)
class Told:
    """An alert with the labels that say which fault it tells of."""

    alert: str
    labels: Mapping[str, str]

    @property
    def name(self) -> str:
        return f"{self.alert}({', '.join(f'{name}={value}' for name, value in self.labels.items())})"

    def tells(self, seen: Mapping[str, str]) -> bool:
        return seen["alertname"] == self.alert and self.labels.items() <= seen.items()


#: Which part is stopped, and what must be told of it.
STOPPED = {
    "reporting": Told("KaoheServiceDown", {"job": "reporting"}),
    "objects": Told("KaoheDependencyDown", {"service": "submissions", "dependency": "storage"}),
    "rabbitmq": Told("KaoheDependencyDown", {"service": "org", "dependency": "broker"}),
    "postgres": Told("KaoheDependencyDown", {"service": "org", "dependency": "database"}),
    "edge": Told("KaoheDoorClosed", {}),
}


def fire_and_end(county: Installation) -> Iterable[tuple[str, bool, str]]:
    """Name, whether it held, detail; the bundle must be up with the profile `monitoring`."""
    disk = Told("KaoheDiskNearlyFull", {"mountpoint": str(county.disk)})
    faults = {**STOPPED, f"room on {county.disk.name}": disk}
    until("everything answers Prometheus", lambda: _answering(county), bound_s=FIRES_WITHIN_S)
    early = [told.name for told in faults.values() if _fires(county, told)]
    yield "no alert without a fault", not early, ", ".join(early) or _names(_alerts(county))
    county.compose("stop", *STOPPED)
    stone = county.leave_room(ROOM_LEFT)  # last: a database that stops gives some room back
    for fault, told in faults.items():
        seconds = until(f"{told.name} fires", partial(_fires, county, told), bound_s=FIRES_WITHIN_S)
        yield f"fault: {fault}", True, f"{told.name} at the latest {seconds:.0f} s after the one before"
    until("they reach whom they concern", lambda: _sent(county) >= {told.alert for told in faults.values()})
    yield "alerts are sent on", True, f"Alertmanager has {', '.join(sorted(_sent(county)))}"
    stone.unlink()
    county.compose("start", *STOPPED)
    seconds = until(
        "none of them",
        lambda: not any(_fires(county, told) for told in faults.values()),
        bound_s=FIRES_WITHIN_S,
    )
    yield "alerts end", True, f"{seconds:.0f} s after all had been started"


def _answering(county: Installation) -> bool:
    """The watchdog is there, and no target and no probe has failed its last round."""
    found = _asked(
        county, "prometheus", 9090, f"/api/v1/query?query={quote('up == 0 or probe_success == 0')}"
    )
    return not found["data"]["result"] and _fires(county, Told("KaoheWatchdog", {}))


def _fires(county: Installation, told: Told) -> bool:
    return any(told.tells(alert["labels"]) for alert in _alerts(county))


def _alerts(county: Installation) -> list[dict[str, Any]]:
    """What fires, as Prometheus itself says."""
    told = _asked(county, "prometheus", 9090, "/api/v1/alerts")
    return [alert for alert in told["data"]["alerts"] if alert["state"] == "firing"]


def _names(alerts: list[dict[str, Any]]) -> str:
    return ", ".join(sorted({alert["labels"]["alertname"] for alert in alerts}))


def _sent(county: Installation) -> set[str]:
    alerts = _asked(county, "alertmanager", 9093, "/api/v2/alerts?active=true&inhibited=true&silenced=true")
    return {alert["labels"]["alertname"] for alert in alerts}


def _asked(county: Installation, part: str, port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://{county.address(part, 'watch')}:{port}{path}", timeout=10) as answer:
        return json.load(answer)
