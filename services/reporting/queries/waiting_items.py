"""All that waits: what follows from events, and bulletins, which are this service's own and no copy of anything.

A bulletin that is sent waits for a signature, never for that of whoever sent it; an issued one for a unit to acknowledge it.
"""

from sqlalchemy import Uuid, bindparam, text
from sqlalchemy.orm import aliased

from services.reporting.models import TodoRow

_TABLE = TodoRow.__table__
_ITEMS = text(
    f"""
    SELECT {", ".join(_TABLE.columns.keys())} FROM todo
    UNION ALL
    SELECT b.id, 'sign_bulletin', 'bulletin', b.id, b.period_id, CAST(NULL AS uuid), CAST(NULL AS uuid),
           jsonb_build_object('title', b.title, 'kind', b.kind), CAST(NULL AS uuid), 'reporting:sign', b.unit_id,
           CAST(NULL AS uuid), CAST('{{}}' AS uuid[]), false, s.sent_at, CAST(NULL AS timestamptz), b.state <> 'sent',
           s.signed_at, CAST(NULL AS uuid)
    FROM bulletin b CROSS JOIN LATERAL (
      SELECT max(at) FILTER (WHERE action = 'send') AS sent_at, max(at) FILTER (WHERE action = 'sign') AS signed_at
      FROM bulletin_step WHERE bulletin_id = b.id) s
    WHERE b.state <> 'draft' AND b.sent_by IS DISTINCT FROM :me
    UNION ALL
    SELECT CAST(md5(b.id || 'acknowledge') AS uuid), 'acknowledge_bulletin', 'bulletin', b.id, b.period_id,
           CAST(NULL AS uuid), CAST(NULL AS uuid), jsonb_build_object('title', b.title, 'kind', b.kind),
           CAST(NULL AS uuid), 'targets:acknowledge', :mine, CAST(NULL AS uuid), CAST('{{}}' AS uuid[]), false, s.at,
           CAST(NULL AS timestamptz), r.at IS NOT NULL, r.at, CAST(NULL AS uuid)
    FROM bulletin b
    JOIN bulletin_step s ON s.bulletin_id = b.id AND s.action = 'sign'
    LEFT JOIN LATERAL (SELECT min(at) AS at FROM bulletin_receipt WHERE bulletin_id = b.id AND unit_id = :mine) r ON true
    WHERE b.state = 'issued' AND :mine IS NOT NULL
    """  # noqa: S608 -- names of our own columns
).bindparams(bindparam("me", type_=Uuid), bindparam("mine", type_=Uuid))

#: As `TodoRow`, for statements that are given `me` (the account) and `mine` (its unit) as parameters.
TodoItem = aliased(TodoRow, _ITEMS.columns(*_TABLE.columns).subquery("item"), adapt_on_names=True)
