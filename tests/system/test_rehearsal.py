"""The whole main job on the example city, small: over both transports, with the worst fault in the middle of it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.system.watching import prometheus, queries

ROOT = Path(__file__).parents[2]
SMALL = ["--submissions", "40", "--players", "12", "--units", "2", "--seed", "11"]
#: Panels about what a rehearsal has not: a month before it, requests beyond a role or a rate.
NOT_IN_A_REHEARSAL = {
    "sum(increase(kaohe_submissions_total[1h] offset 30d))",
    "sum by (service) (rate(kaohe_permission_denied_total[5m]))",
    "sum by (service) (rate(kaohe_rate_refused_total[5m]))",
}


def rehearse(*more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli.main", "rehearse", "examples/city", *SMALL, *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.slow
def test_an_embedded_platform_that_is_killed_in_the_middle_loses_nothing():
    done = rehearse()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "fault: the platform was killed" in done.stdout
    assert (
        done.stdout.strip()
        .splitlines()[-1]
        .startswith("rehearsal ok: 40 submissions, 0 lost, 0 doubled, 0 altered")
    )


@pytest.mark.slow
@pytest.mark.broker
def test_separate_processes_over_a_broker_that_is_wiped_lose_nothing_and_every_panel_shows_it(tmp_path: Path):
    began = time.time()
    with prometheus(tmp_path, tmp_path / "targets.json") as watching:
        done = rehearse("--processes", "--watch", str(tmp_path / "targets.json"))
        empty = [q for q in queries() if not watching.has_data(q, began, time.time())]
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "fault: the broker was killed" in done.stdout
    assert (
        done.stdout.strip()
        .splitlines()[-1]
        .startswith("rehearsal ok: 40 submissions, 0 lost, 0 doubled, 0 altered")
    )
    assert [query for query in empty if query not in NOT_IN_A_REHEARSAL] == []
