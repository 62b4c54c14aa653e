"""What a verifier says, in Chinese and English. The stand-alone verifiers carry the same table; a test holds them equal."""

from typing import Final

#: The steps in order: name, title. Steps 6 and 8 to 10 are left out when there is nothing to compare.
STEPS: Final[dict[str, list[str]]] = {
    "input": ["读取回执", "Read the receipt"],
    "leaf": ["计算报表指纹", "Fingerprint of the statement"],
    "period_tree": ["在本期封存树中", "In the sealed tree of the period"],
    "sums": ["合计与规则", "Total and rules"],
    "seal_log": ["在封存日志中", "In the seal log"],
    "supplements": ["补充封存", "Supplement seals"],
    "signatures": ["签名", "Signatures"],
    "notice_board": ["与公告栏核对", "Compared with the notice board"],
    "consistency": ["日志只增不改", "The log only grew"],
    "attachments": ["附件", "Attachments"],
    "verdict": ["结论", "Verdict"],
}

PASSED: Final[dict[str, list[str]]] = {
    "input": [
        "回执格式规范,公钥清单可用。",
        "The receipt is in its one canonical form and the key list can be used.",
    ],
    "input_versioned": [
        "回执格式规范;公钥清单第 {version} 版可用,首版指纹 {first}(与考核办法所印核对)。",
        "The receipt is in its one canonical form; version {version} of the key list can be used. Fingerprint of the first version, as in the regulation: {first}",
    ],
    "leaf": ["报表指纹:{hash}", "Fingerprint of the statement: {hash}"],
    "period_tree": [
        "本报表是本期封存树 {size} 份中的第 {number} 份(SHA-256)。",
        "This is statement {number} of {size} in the sealed tree of the period (SHA-256).",
    ],
    "period_tree_sm3": [
        "本报表是本期封存树 {size} 份中的第 {number} 份(SHA-256 与国密 SM3 均相符)。",
        "This is statement {number} of {size} in the sealed tree of the period (SHA-256 and SM3).",
    ],
    "sums": [
        "{lines} 条明细之和等于合计 {points} 分,规则与封存书所载一致。",
        "The {lines} lines add up to {points} points; the rules are those named in the seal.",
    ],
    "sums_unit": [
        "本单位 {lines} 条明细之和等于 {points} 分,规则与封存书所载一致。",
        "The unit's own {lines} lines add up to {points} points; the rules are those named in the seal.",
    ],
    "sums_system": ["系统记录,不含分数。", "A record of the system, without points."],
    "seal_log": [
        "封存书是封存日志 {size} 条中的第 {number} 条。",
        "The seal is entry {number} of {size} in the seal log.",
    ],
    "supplements": [
        "{count} 次补充封存依次取代前一份报表,理由与批准人齐全;现为 {points} 分。",
        "{count} supplement seals, each in the place of the statement before, with reason and approvers; now {points} points.",
    ],
    "signatures": [
        "系统签名有效;{count} 名见证人签名有效(至少须 {quorum} 名)。",
        "Signed by the system and by {count} witnesses (at least {quorum} are needed).",
    ],
    "notice_board": [
        "与公告栏的检查点一致:同一日志、同一规模、同一根。",
        "The same log, size and root as on the notice board.",
    ],
    "notice_board_size": [
        "同一日志,公告栏的规模为 {size},由下一步比较。",
        "The same log; the board shows size {size}, which the next step compares.",
    ],
    "consistency": [
        "规模 {new} 的日志由规模 {old} 的日志只增不改而来。",
        "The log of size {new} grew out of the log of size {old}; nothing was changed.",
    ],
    "attachments": [
        "{count} 个文件与报表所列附件指纹一致。",
        "{count} files have fingerprints that the statement lists.",
    ],
    "verdict": ["已封存且未改动。", "Included and unaltered."],
}

SKIPPED: Final[dict[str, list[str]]] = {
    "supplements": [
        "回执中没有补充封存。以后若有更正,请重新下载回执。",
        "No supplement in this receipt. Should something be corrected later, download a new one.",
    ],
    "notice_board": [
        "未提供。请与公告栏或同事的回执核对:日志 {origin},规模 {size},根 {root}",
        "Not given. Compare with the notice board or a colleague's receipt: log {origin}, size {size}, root {root}",
    ],
    "consistency": ["没有另一规模的检查点。", "No checkpoint of another size."],
    "attachments": ["未提供附件文件。", "No files given."],
}

FAILED: Final[dict[str, list[str]]] = {
    "not_canonical": [
        "文件不是规范编码:被改动过、被其他程序另存过,或不完整。",
        "The file is not in canonical form: altered, saved again by another program, or incomplete.",
    ],
    "not_a_receipt": [
        "不是回执,或有不认识的、缺少的、格式不对的字段。",
        "Not a receipt, or a member is unknown, missing or of the wrong form.",
    ],
    "key_id_wrong": [
        "回执所列公钥与其编号不符。",
        "A key listed in the receipt does not fit its id.",
    ],
    "trust_unusable": ["公钥清单无法使用。", "The list of trusted keys cannot be used."],
    "trust_not_vouched": [
        "公钥清单的新版本没有得到前一版密钥与见证人的签名,或与前一版不相接。",
        "A new version of the key list is not signed by keys of the version before, or does not follow it.",
    ],
    "board_unusable": ["公告栏检查点无法读取。", "The notice-board checkpoint cannot be read."],
    "consistency_unusable": ["一致性证明无法读取。", "The consistency proof cannot be read."],
    "size_differs": [
        "证明所说的树的大小与封存书不同。",
        "The proof is for a tree of another size than the seal's.",
    ],
    "not_in_tree": [
        "报表不在本期封存树中,或内容已被改动。",
        "The statement is not in the sealed tree of the period, or was altered.",
    ],
    "sm3_differs": [
        "国密 SM3 证明缺失、多余,或与封存书的根不符。",
        "The SM3 proof is missing, uncalled for, or does not lead to the root in the seal.",
    ],
    "other_seal": [
        "报表与封存书的期间或封存编号不同。",
        "The statement names another period or seal than the seal itself.",
    ],
    "sum_differs": [
        "明细之和不等于合计。",
        "The lines do not add up to the total.",
    ],
    "lines_unordered": [
        "明细没有按编号排列,或有重复。",
        "The lines are not in the order of their ids, or one stands twice.",
    ],
    "rule_set_differs": [
        "报表所用规则与封存书所载不同。",
        "The statement was made under other rules than those named in the seal.",
    ],
    "supplement_foreign": [
        "补充封存不属于这份报表:对象、期间或所补充的封存编号不同。",
        "A supplement is not to this statement: another subject, period or seal.",
    ],
    "supplement_unreasoned": [
        "补充封存没有写明所取代的报表、理由,或没有两名批准人。",
        "A supplement does not name the statement it replaces, a reason and two approvers.",
    ],
    "log_proof_malformed": ["封存日志证明格式不对。", "The proof of the seal log is malformed."],
    "note_malformed": ["检查点格式不对。", "The checkpoint is malformed."],
    "origin_differs": [
        "检查点属于另一本日志。",
        "The checkpoint is of another log.",
    ],
    "not_in_log": [
        "封存书不在封存日志中,或内容已被改动。",
        "The seal is not in the seal log, or was altered.",
    ],
    "signature_missing": [
        "回执列出的一把公钥在检查点上没有签名。",
        "A key listed in the receipt has not signed the checkpoint.",
    ],
    "signature_wrong": ["检查点上有一个签名无效。", "A signature on the checkpoint is wrong."],
    "system_signature_missing": [
        "没有受信的系统签名。",
        "No trusted system key has signed the checkpoint.",
    ],
    "key_compromised": [
        "签名的系统密钥已声明泄露,且此前没有足够的见证签名。请重新下载回执。",
        "The system key that signed is declared compromised, and too few witnesses had signed before. Download a new receipt.",
    ],
    "witnesses_missing": [
        "受信见证人的签名不足。",
        "Too few trusted witnesses have signed the checkpoint.",
    ],
    "board_origin_differs": [
        "公告栏上是另一本日志。",
        "The notice board shows another log.",
    ],
    "board_root_differs": [
        "与公告栏规模相同而根不同:存在两本不同的日志。请保留回执并报告纪检部门。",
        "Same size as on the notice board, other root: there are two different logs. Keep the receipt; report it.",
    ],
    "consistency_missing": [
        "公告栏的规模不同,须提供一致性证明,或索取与公告栏同一检查点的回执。",
        "The board shows another size: a consistency proof is needed, or a receipt for the board's checkpoint.",
    ],
    "consistency_wrong": [
        "两个检查点不属于同一本只增不改的日志。请保留回执并报告纪检部门。",
        "The two checkpoints are not of one log that only grew. Keep the receipt; report it.",
    ],
    "attachment_unknown": [
        "有文件不在报表所列附件之中,或内容已被改动。",
        "A file is not among the attachments of the statement, or was altered.",
    ],
}

NOT_VERIFIED: Final = [
    "未通过核验:第 {number} 步“{title}”。",
    "Not verified: step {number}, “{title}”.",
]
UNUSABLE: Final = ["输入无法使用,未作核验。", "The input cannot be used; nothing was verified."]
