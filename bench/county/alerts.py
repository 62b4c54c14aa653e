"""Faults that last: the alerts for them must fire, and end."""

import json
import urllib.request
from collections.abc import Iterable

from bench.county.installation import Installation, until

#: What is stopped, and which alerts must tell of it.
LASTING = {
    "reporting": {"KaoheServiceDown"},
    "objects": {"KaoheDependencyDown"},
    "edge": {"KaoheDoorClosed"},
}
FIRES_WITHIN_S = 420  # two minutes, the rounds of scraping and evaluating, and a busy machine


def firing(county: Installation) -> set[str]:
    """Names of the alerts that Alertmanager has now."""
    address = county.address("alertmanager", "watch")
    with urllib.request.urlopen(f"http://{address}:9093/api/v2/alerts?active=true", timeout=10) as answer:
        return {alert["labels"]["alertname"] for alert in json.load(answer)}


def fire_and_end(county: Installation) -> Iterable[tuple[str, bool, str]]:
    """Name, whether it held, detail; the bundle must be up with the profile `monitoring`."""
    wanted = set.union(*LASTING.values())
    until("the watchdog is there", lambda: "KaoheWatchdog" in firing(county))
    early = wanted & firing(county)
    yield (
        "no alert without a fault",
        not early,
        ", ".join(sorted(early)) or "KaoheWatchdog and what a young installation lacks",
    )
    county.compose("stop", *LASTING)
    seconds = until(f"all of {wanted}", lambda: wanted <= firing(county), bound_s=FIRES_WITHIN_S)
    yield (
        "alerts fire",
        True,
        f"{', '.join(sorted(wanted))} {seconds:.0f} s after {', '.join(LASTING)} had stopped",
    )
    county.compose("start", *LASTING)
    seconds = until("none of them", lambda: not wanted & firing(county), bound_s=FIRES_WITHIN_S)
    yield "alerts end", True, f"{seconds:.0f} s after all had been started"
