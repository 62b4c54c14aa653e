"""Long work that people ask `org` for."""

from kernel.errands.running import Errand
from services.org.actions import exporting, opening_accounts
from services.org.actions.roster import applying, checking, marking, receiving, undoing

ERRANDS = (
    Errand(receiving.CHECK, "花名册预检", "roster check", checking.run),
    Errand(applying.APPLY, "花名册导入", "roster import", applying.run),
    Errand(undoing.UNDO, "撤销花名册导入", "undoing a roster import", undoing.run),
    Errand(opening_accounts.OPEN, "开通全员账号", "accounts for a roster", opening_accounts.run),
    Errand(exporting.EXPORT, "导出列表", "export of a list", exporting.run),
    Errand(marking.MARK, "带错误原因的花名册", "roster with reasons", marking.run),
)
