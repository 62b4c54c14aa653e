"""What each line about a person would do, found by statements over all lines at once."""

import json
from datetime import date

from sqlalchemy import text

from kernel.delivery.transaction import Transaction
from services.org.models import RosterImportRow

_FINDING = (
    "jsonb_build_array(jsonb_build_object('field', '{field}', 'column', '{column}', 'value', {value}, 'code', '{code}', "
    "'zh', {zh}, 'en', {en}, 'severity', 'error', 'suggestions', {suggestions}))"
)


def _finding(
    field: str,
    column: str,
    code: str,
    *,
    value: str,
    zh: str,
    en: str,
    suggestions: str = "CAST('[]' AS jsonb)",
) -> str:
    return _FINDING.format(
        field=field, column=column, code=code, value=value, zh=zh, en=en, suggestions=suggestions
    )


_TWICE = f"""
UPDATE roster_line l SET findings = {
    _finding(
        "number",
        "警号",
        "duplicate-police-number",
        value="l.number",
        zh="'警号 ' || l.number || ' 与第 ' || d.first || ' 行重复'",
        en="'police number ' || l.number || ' stands in row ' || d.first || ' already'",
    )
}
FROM (SELECT position, first_value(row) OVER w AS first, row_number() OVER w AS n FROM roster_line
      WHERE import_id = :import AND kind = 'person' AND number IS NOT NULL
      WINDOW w AS (PARTITION BY number ORDER BY position)) d
WHERE l.import_id = :import AND l.position = d.position AND d.n > 1
"""  # noqa: S608 -- constants

# A cell means a unit by its name, where that is unambiguous, or by its code. Units that this very import makes have no id yet.
_UNITS = """
CREATE TEMPORARY TABLE roster_unit ON COMMIT DROP AS
SELECT said, (array_agg(id))[1] AS id, count(*) AS n FROM (
  SELECT name AS said, id FROM unit WHERE NOT deleted AND (valid_to IS NULL OR valid_to >= :today)
  UNION SELECT code, id FROM unit WHERE NOT deleted AND (valid_to IS NULL OR valid_to >= :today)
  UNION ALL SELECT name, NULL FROM jsonb_to_recordset(CAST(:units AS jsonb)) AS u(name text, code text, effect text)
    WHERE effect = 'new'
  UNION ALL SELECT code, NULL FROM jsonb_to_recordset(CAST(:units AS jsonb)) AS u(name text, code text, effect text)
    WHERE effect = 'new' AND code <> name
) s GROUP BY said
"""
_NEAR = """
CREATE TEMPORARY TABLE roster_near ON COMMIT DROP AS
SELECT unknown, (SELECT coalesce(jsonb_agg(said), '[]') FROM (
    SELECT said FROM roster_unit r WHERE similarity(r.said, unknown) > 0.25
    ORDER BY similarity(r.said, unknown) DESC, said LIMIT 3) best) AS best
FROM (SELECT DISTINCT l.unit AS unknown FROM roster_line l WHERE l.import_id = :import AND l.kind = 'person'
      AND l.findings IS NULL AND l.unit <> '' AND NOT EXISTS (SELECT FROM roster_unit u WHERE u.said = l.unit) LIMIT 500) d
"""
_UNIT_UNKNOWN = f"""
UPDATE roster_line l SET findings = {
    _finding(
        "unit",
        "所属单位",
        "unknown-unit",
        value="l.unit",
        zh="'没有名为“' || l.unit || '”的单位'",
        en="'there is no unit ''' || l.unit || ''''",
        suggestions="coalesce((SELECT best FROM roster_near n WHERE n.unknown = l.unit), '[]')",
    )
}
WHERE l.import_id = :import AND l.kind = 'person' AND l.findings IS NULL
  AND NOT EXISTS (SELECT FROM roster_unit u WHERE u.said = l.unit)
"""  # noqa: S608 -- constants
_UNIT_SEVERAL = f"""
UPDATE roster_line l SET findings = {
    _finding(
        "unit",
        "所属单位",
        "unit-ambiguous",
        value="l.unit",
        zh="'有 ' || u.n || ' 个单位名为“' || l.unit || '”,请填写单位代码'",
        en="u.n || ' units are called ''' || l.unit || '''; give the code'",
        suggestions="coalesce((SELECT jsonb_agg(code ORDER BY path) FROM unit x WHERE x.name = l.unit AND NOT x.deleted), '[]')",
    )
}
FROM roster_unit u
WHERE l.import_id = :import AND l.kind = 'person' AND l.findings IS NULL AND u.said = l.unit AND u.n > 1
"""  # noqa: S608 -- constants

_ANOTHER = f"""
UPDATE roster_line l SET findings = {
    _finding(
        "number",
        "警号",
        "police-number-of-another",
        value="l.number",
        zh="'警号 ' || l.number || ' 已属于 ' || o.name",
        en="'police number ' || l.number || ' belongs to ' || o.name",
    )
}
FROM officer o
WHERE l.import_id = :import AND l.kind = 'person' AND l.findings IS NULL AND o.police_number = l.number AND o.name <> l.name
"""  # noqa: S608 -- constants

# The main posting that an officer has, or will have next: what a roster of today is compared with.
_MAIN = """
SELECT DISTINCT ON (p.officer_id) p.* FROM posting p
WHERE p.is_primary AND NOT p.deleted AND (p.valid_to IS NULL OR p.valid_to >= :today)
ORDER BY p.officer_id, p.valid_from DESC
"""
# What was found out before and still holds is not written again: an import of everybody asks twice.
_NEW = """
UPDATE roster_line l SET effect = 'new', unit_id = r.id, officer_id = NULL, posting_id = NULL, before = NULL
FROM roster_unit r
WHERE l.import_id = :import AND l.kind = 'person' AND l.findings IS NULL AND r.said = l.unit AND r.n = 1
  AND (l.effect, l.unit_id) IS DISTINCT FROM ('new', r.id)
  AND NOT EXISTS (SELECT FROM officer o WHERE o.police_number = l.number)
"""
_NOTHING = """
UPDATE roster_line SET effect = NULL, unit_id = NULL, officer_id = NULL, posting_id = NULL, before = NULL
WHERE import_id = :import AND kind = 'person' AND findings IS NOT NULL AND effect IS NOT NULL
"""
_KNOWN = f"""
UPDATE roster_line l SET officer_id = o.id, unit_id = r.id, posting_id = NULL,
  effect = CASE
    WHEN o.status IN ('left', 'retired') OR p.id IS NULL THEN 'returned'
    WHEN p.unit_id IS DISTINCT FROM r.id THEN 'moved'
    WHEN (l.post, l.category, l.coefficient) IS DISTINCT FROM
         (CASE WHEN l.post IS NULL THEN NULL ELSE p.post END, CASE WHEN l.category IS NULL THEN NULL ELSE o.category END,
          CASE WHEN l.coefficient IS NULL THEN NULL ELSE p.role_coefficient END)
      OR (l.series IS NOT NULL AND l.series IS DISTINCT FROM s.name) THEN 'changed'
    ELSE 'same' END,
  before = jsonb_build_object('status', o.status, 'category', o.category, 'series_id', o.series_id, 'series', s.name,
    'posting_id', p.id, 'unit_id', p.unit_id, 'unit', u.name,
    'post', p.post, 'coefficient', CAST(p.role_coefficient AS text), 'valid_from', p.valid_from, 'valid_to', p.valid_to)
FROM officer o LEFT JOIN ({_MAIN}) p ON p.officer_id = o.id LEFT JOIN unit u ON u.id = p.unit_id
  LEFT JOIN series s ON s.id = o.series_id CROSS JOIN roster_unit r
WHERE l.import_id = :import AND l.kind = 'person' AND l.findings IS NULL AND o.police_number = l.number
  AND r.said = l.unit AND r.n = 1
"""  # noqa: S608 -- constants

# Who serves and is not in the workbook. Only a roster of the whole bureau says that they have left; the user decides.
_MISSING = f"""
INSERT INTO roster_line (import_id, position, sheet, row, kind, number, name, unit, post, officer_id, unit_id, effect, before)
SELECT CAST(:import AS uuid), coalesce((SELECT max(position) FROM roster_line WHERE import_id = :import), 0) + row_number() OVER (ORDER BY o.police_number),
  '', 0, 'missing', o.police_number, o.name, u.name, p.post, o.id, p.unit_id, 'left',
  jsonb_build_object('status', o.status, 'category', o.category, 'series_id', o.series_id, 'posting_id', p.id,
    'unit_id', p.unit_id, 'unit', u.name, 'post', p.post, 'coefficient', CAST(p.role_coefficient AS text), 'valid_from', p.valid_from, 'valid_to', p.valid_to)
FROM officer o JOIN ({_MAIN}) p ON p.officer_id = o.id JOIN unit u ON u.id = p.unit_id
WHERE o.status IN ('in_service', 'probation')
  AND EXISTS (SELECT FROM roster_line l WHERE l.import_id = :import AND l.kind = 'person')
  AND NOT EXISTS (SELECT FROM roster_line l WHERE l.import_id = :import AND l.number = o.police_number)
"""  # noqa: S608 -- constants

_STATEMENTS = (
    "DELETE FROM roster_line WHERE import_id = :import AND kind = 'missing'",
    _TWICE, _UNITS, "ANALYZE roster_unit", _NEAR, _UNIT_UNKNOWN, _UNIT_SEVERAL, _ANOTHER, _NEW, _KNOWN, _NOTHING, _MISSING,
    "DROP TABLE roster_unit, roster_near",
)  # fmt: skip


async def classify(tx: Transaction, row: RosterImportRow, *, today: date) -> None:
    """Findings and effects of the lines of an import, against what the database has at this moment."""
    known = {"import": row.id, "today": today, "units": json.dumps(row.units, ensure_ascii=False)}
    for statement in _STATEMENTS:
        wanted = {name: value for name, value in known.items() if f":{name}" in statement}
        await tx.session.execute(text(statement), wanted)
