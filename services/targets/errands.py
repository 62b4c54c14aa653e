"""Long work that people ask `targets` for."""

from kernel.errands.running import Errand
from services.targets.actions import exporting

ERRANDS = (Errand(exporting.EXPORT, "导出目标", "export of targets", exporting.run),)
