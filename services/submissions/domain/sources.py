"""How another system shows that a report is its own: a keyed hash over the moment and the body."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from kernel.errors import Conflict, Forbidden, Invalid, Unauthenticated

#: How far the sender's clock may be off.
DRIFT: Final = timedelta(minutes=5)


class SignatureWrong(Unauthenticated):
    code = "signature-wrong"
    zh = "数据来源的签名不正确"
    en = "The signature of the source is not right"


class SignatureOld(Unauthenticated):
    code = "signature-old"
    zh = "签名时间与服务器相差超过 5 分钟,请校准时钟"
    en = "The signature was made more than five minutes away from the server's time; set the clock"


class SourceClosed(Forbidden):
    code = "source-closed"
    zh = "该数据来源已停用"
    en = "This source has been closed"


class FactOutsideScope(Forbidden):
    code = "fact-outside-scope"
    zh = "该数据来源不得报送此指标或此单位的数据"
    en = "This source may not report for that indicator or that unit"


class FactTargetUnknown(Invalid):
    code = "fact-target-unknown"
    zh = "没有找到与该指标、对象和日期对应的已下达目标"
    en = "There is no issued target for that indicator, subject and day"


class FactChanged(Conflict):
    code = "fact-changed"
    zh = "该编号的数据已报送过({number}),内容不同;更正请先由审核人退回"
    en = "Figures under this reference were reported before ({number}) and differ; ask the reviewer to return them first"


def signature(secret: bytes, *, source: str, moment: str, body: bytes) -> str:
    """HMAC-SHA-256, in hexadecimal, of source, moment and the SHA-256 of the body, a line feed between each."""
    text = f"{source}\n{moment}\n{hashlib.sha256(body).hexdigest()}"
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def ensure_signed(secret: bytes, *, source: str, moment: str, body: bytes, given: str, now: datetime) -> None:
    if not hmac.compare_digest(signature(secret, source=source, moment=moment, body=body), given.lower()):
        raise SignatureWrong
    try:
        signed_at = datetime.fromisoformat(moment)
        off = abs(now - signed_at)
    except (ValueError, TypeError, OverflowError) as error:
        raise SignatureOld from error
    if off > DRIFT:
        raise SignatureOld
