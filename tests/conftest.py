"""All tests see the fixtures of kernel.testing; what takes longest begins first, so that no worker ends alone with it."""

import pytest

pytest_plugins = ["kernel.testing.plugin"]

#: Files that take half a minute or more, the longest first.
LONG = (
    "system/test_rehearsal.py",
    "system/test_no_server_error.py",
    "system/test_authorisation.py",
    "e2e/test_journeys.py",
    "e2e/test_states.py",
    "services/submissions/test_stateful.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next(
            (n for n, end in enumerate(LONG) if item.path.as_posix().endswith(end)), len(LONG)
        )
    )
