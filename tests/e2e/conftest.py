"""One platform for all journeys, on a free port, seeded once; one browser, a fresh profile for each journey."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsing import PATIENCE_S, PC, Hand, launch, sign_in
from tests.e2e.bureau import Bureau, prepare
from tests.e2e.people import until

START_S = 240


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def running_bureau(folder: Path) -> Iterator[Bureau]:
    """`kaohe run` as a user starts it; ends with the block."""
    port, accounts = _free_port(), folder / "accounts.json"
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "run",
        "--port",
        str(port),
        "--data",
        str(folder / "data"),
        "--accounts",
        str(accounts),
    ]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            url = f"http://127.0.0.1:{port}"

            def ready() -> bool:
                assert process.poll() is None, (folder / "log").read_text(encoding="utf-8")[-2000:]
                return accounts.exists() and httpx2.get(f"{url}/health/ready", trust_env=False).is_success

            until(ready, seconds=START_S)
            yield prepare(url, json.loads(accounts.read_text(encoding="utf-8")))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@pytest.fixture(scope="package")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with running_bureau(tmp_path_factory.mktemp("bureau")) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with this package: while it is open, its event loop counts as running and tests with loops of their own fail."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def at(browser: Browser, bureau: Bureau) -> Iterator[Callable[..., Hand]]:
    """`at("officer")` is the officer at a PC, `at("officer", viewport=PHONE, has_touch=True)` with a phone."""
    contexts: list[Any] = []

    def sit_down(role: str, *, live: bool = False, **context: Any) -> Hand:
        contexts.append(browser.new_context(**({"viewport": PC, "locale": "zh-CN"} | context)))
        contexts[-1].set_default_timeout(PATIENCE_S * 1000)
        return sign_in(contexts[-1], bureau.url, bureau.accounts[role], live=live)

    yield sit_down
    for one in contexts:
        one.close()
