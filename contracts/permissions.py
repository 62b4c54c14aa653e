"""Who may do what: permission names, and the roles that carry them. Deny by default: what is not listed is refused."""

from enum import StrEnum
from functools import cache
from typing import Final


class Role(StrEnum):
    OFFICER = "officer"
    UNIT_LEADER = "unit_leader"
    ASSESSOR = "assessor"
    ASSESSMENT_OFFICE = "assessment_office"
    ADJUDICATOR = "adjudicator"
    CHIEF = "chief"
    ROSTER_ADMIN = "roster_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    MACHINE = "machine"


#: 三员分立: nobody holds two of these, nor one of them together with a role of `ASSESSMENT_ROLES` (GB/T 22239-2019).
ADMINISTRATOR_ROLES: Final = frozenset({Role.ROSTER_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
ASSESSMENT_ROLES: Final = frozenset(
    {Role.UNIT_LEADER, Role.ASSESSOR, Role.ASSESSMENT_OFFICE, Role.ADJUDICATOR, Role.CHIEF}
)

#: name -> (Chinese, English). The name is `<service>:<verb>`.
PERMISSIONS: Final[dict[str, tuple[str, str]]] = {
    "session:own": ("登录、查看和结束自己的会话", "sign in, see and end one's own sessions"),
    "org:read": ("查看单位、人员和任职", "see units, officers and postings"),
    "org:roster": ("维护单位、人员、任职,导入花名册", "keep units, officers and postings, import the roster"),
    "org:accounts": ("开通、停用账号,重置口令", "open and close accounts, reset passwords"),
    "org:grants_propose": ("提出授权", "propose role grants"),
    "org:grants_approve": ("批准、撤销授权", "approve and revoke role grants"),
    "org:grants_read": ("查看授权", "see role grants"),
    "org:reorganise": (
        "机构调整:调入、合并、分设、更名、撤销",
        "move, merge, split, rename and close units by date",
    ),
    "org:delegate": ("不在岗时委托他人代办", "name a substitute for one's absence"),
    "org:recusals_decide": ("决定回避申请", "decide requests for recusal"),
    "org:parameters_propose": ("提出系统参数变更,维护字典", "propose system parameters, keep dictionaries"),
    "org:parameters_approve": ("批准系统参数变更", "approve system parameters"),
    "org:machines_propose": ("提出接口账号", "propose machine accounts"),
    "org:machines_approve": ("批准、吊销接口账号", "approve and revoke machine accounts"),
    "org:sessions_read": ("查看在线会话", "see everybody's sessions"),
    "org:sessions_revoke": ("强制下线", "end other people's sessions"),
    "targets:read": ("查看方案、指标和目标", "see schemes, indicators and targets"),
    "targets:scheme": ("编制、发布考核方案", "draft and publish schemes"),
    "targets:issue": ("下达、修订、撤回目标", "issue, revise and withdraw targets"),
    "targets:cascade": ("分解本单位的目标", "split targets of one's own unit"),
    "targets:acknowledge": ("签收目标", "acknowledge targets"),
    "targets:comment": ("对征求意见的方案提出意见", "comment on schemes in consultation"),
    "targets:guard": ("维护禁用指标清单", "keep the list of indicators that must not be used"),
    "targets:sign_exception": (
        "法制部门签署禁用指标例外",
        "sign exceptions from that list, as the legal unit",
    ),
    "targets:calendar": (
        "维护工作日历,延长期限,审批补报",
        "keep working days, extend deadlines, decide late applications",
    ),
    "targets:supervise": ("督办:催办、发督办单", "supervise: remind, send supervision notes"),
    "targets:webhooks": ("维护对外通知接口", "keep webhooks to outside channels"),
    "submissions:read": ("查看工作提交和佐证", "see submissions and evidence"),
    "submissions:submit": ("提交工作", "submit work"),
    "submissions:review": ("归口审核", "review as the competent line"),
    "submissions:assign": ("指派、改派审核", "route and re-route reviews"),
    "submissions:appeal": ("提出复议", "appeal"),
    "submissions:decide_appeals": ("裁决复议", "decide appeals"),
    "scoring:read": ("查看得分、台账", "see scores and the ledger"),
    "scoring:award": ("登记加分、减分", "enter bonuses and penalties"),
    "scoring:confirm_award": ("复核大额加减分", "second signature on large bonuses and penalties"),
    "scoring:close": ("期末结账:试算、公示、处理异议", "close periods: trials, publicity, objections"),
    "scoring:seal": ("封存考核周期(须两人)", "seal periods (takes two people)"),
    "scoring:object": ("公示期内提出异议", "object while figures are public"),
    "scoring:appeal": ("对得分提出复议", "appeal against scores"),
    "scoring:decide_appeals": ("裁决对得分的复议", "decide appeals against scores"),
    "reporting:inbox": ("查看自己的待办和消息", "see one's own to-dos and messages"),
    "reporting:read": ("查看排名、进度和报表", "see boards, progress and tables"),
    "reporting:bulletin": ("起草、编辑通报", "draft and edit bulletins"),
    "reporting:sign": ("签发、撤回通报", "sign and recall bulletins"),
    "reporting:outcomes": ("设定排名规则,确认结果应用", "set how schemes rank, confirm what follows"),
    "reporting:export": ("导出报表", "export tables"),
    "audit:operate": (
        "查看运行情况和后台任务,重试失败的事件",
        "see how the platform stands and its background work, retry events that failed",
    ),
    "audit:propose_recovery": (
        "数据丢失后,提出恢复或放弃退回的事件",
        "after a loss of data, propose to take events back or to give them up",
    ),
    "audit:approve_recovery": ("批准恢复或放弃退回的事件", "approve what was proposed for such events"),
    "audit:read": ("审计:核验数据一致性,查看日志", "audit: verify integrity, read logs"),
}

_OFFICER = {
    "session:own",
    "org:read",
    "targets:read",
    "targets:acknowledge",
    "targets:comment",
    "submissions:read",
    "submissions:submit",
    "submissions:appeal",
    "scoring:read",
    "scoring:object",
    "scoring:appeal",
    "reporting:inbox",
    "reporting:read",
}
_LEADER = _OFFICER | {"targets:cascade", "targets:supervise", "targets:sign_exception", "reporting:export"}

_ROLE_PERMISSIONS: Final[dict[Role, frozenset[str]]] = {
    Role.OFFICER: frozenset(_OFFICER),
    Role.UNIT_LEADER: frozenset(_LEADER),
    Role.ASSESSOR: frozenset(
        _OFFICER | {"org:delegate", "targets:sign_exception", "submissions:review", "scoring:award"}
    ),
    Role.ASSESSMENT_OFFICE: frozenset(
        _LEADER
        | {
            "org:recusals_decide",
            "targets:scheme",
            "targets:issue",
            "targets:guard",
            "targets:calendar",
            "submissions:review",
            "submissions:assign",
            "scoring:award",
            "scoring:confirm_award",
            "scoring:close",
            "scoring:seal",
            "reporting:bulletin",
            "reporting:outcomes",
        }
    ),
    Role.ADJUDICATOR: frozenset(
        _OFFICER | {"org:delegate", "submissions:decide_appeals", "scoring:decide_appeals"}
    ),
    Role.CHIEF: frozenset(_LEADER | {"org:recusals_decide", "scoring:seal", "reporting:sign"}),
    Role.ROSTER_ADMIN: frozenset(
        {
            "session:own",
            "reporting:inbox",
            "org:read",
            "org:roster",
            "org:accounts",
            "org:reorganise",
            "org:grants_propose",
            "org:grants_read",
            "org:parameters_propose",
            "org:machines_propose",
            "targets:webhooks",
            "audit:operate",
            "audit:propose_recovery",
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {
            "session:own",
            "reporting:inbox",
            "org:read",
            "org:grants_approve",
            "org:grants_read",
            "org:parameters_approve",
            "org:machines_approve",
            "org:sessions_read",
            "org:sessions_revoke",
            "audit:approve_recovery",
        }
    ),
    Role.AUDITOR: frozenset({"session:own", "reporting:inbox", "org:read", "org:grants_read", "audit:read"}),
    Role.MACHINE: frozenset({"session:own", "targets:read", "submissions:submit"}),
}


@cache
def permissions_of(role: Role) -> frozenset[str]:
    return _ROLE_PERMISSIONS[role]


@cache
def roles_with(permission: str) -> frozenset[Role]:
    return frozenset(role for role, given in _ROLE_PERMISSIONS.items() if permission in given)
