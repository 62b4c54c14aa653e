"""The dashboards of ops/grafana/dashboards, written as data and turned into what Grafana reads by `kaohe documents`."""

from collections.abc import Mapping
from typing import Final

from cli.dashboards.grafana import Board, board_json
from cli.dashboards.integrity import INTEGRITY
from cli.dashboards.machines import MACHINES
from cli.dashboards.month import MONTH
from cli.dashboards.services import SERVICES_RED

FOLDER: Final = "ops/grafana/dashboards"
BOARDS: Final[tuple[Board, ...]] = (SERVICES_RED, INTEGRITY, MONTH, MACHINES)


def dashboard_pages() -> Mapping[str, str]:
    """What the files should say, by path from the root of the repository."""
    return {f"{FOLDER}/{board.uid}.json": board_json(board) for board in BOARDS}
