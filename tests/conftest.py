"""All tests see the fixtures of kernel.testing; what takes longest begins first, so that no worker ends alone with it."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

pytest_plugins = ["kernel.testing.plugin"]

# A property holds on a busy machine too; how long it takes is for `bench/`.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

#: Places that take half a minute or more, the longest first.
LONG = (
    "tests/system/test_rehearsal.py",
    "tests/e2e/",
    "tests/system/test_no_server_error.py",
    "tests/system/test_authorisation.py",
    "tests/services/submissions/test_stateful.py",
)
#: Tests that share a platform of their own, which takes longer to set up than most tests to run: one worker has them all.
TOGETHER = ("tests/e2e/",)


class Sharing(LoadFileScheduling):
    """A file's tests stay together, and so do those of a folder that shares a platform."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing | None:
    return Sharing(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((n for n, place in enumerate(LONG) if item.nodeid.startswith(place)), len(LONG))
    )
