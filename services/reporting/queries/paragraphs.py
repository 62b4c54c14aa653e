"""Sentences of a bulletin, with the figures of its boards put in."""

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from rules.rounding import half_up
from services.reporting.domain.wording import full_width, written_points
from services.reporting.queries.boards import Board


def mean(board: Board) -> str:
    values = list(board.ordered.milli.values())
    return written_points(int(half_up(Fraction(sum(values), len(values)), 0))) if values else "0.00"


def overall(span: str, units: Sequence[Board], counts: dict[str, int]) -> str:
    said = []
    for board in units:
        first = board.ordered.ranks[0]
        best = "、".join(name_of(board, r.subject) for r in board.ordered.ranks if r.rank == first.rank)
        milli = board.ordered.milli
        said.append(
            f"{board.series_name}序列{len(milli)}个单位,平均{mean(board)}分,最高{written_points(max(milli.values()))}分({best}),"
            f"最低{written_points(min(milli.values()))}分"
        )
    sent = sum(n for status, n in counts.items() if status not in {"draft", "withdrawn"})
    passed = sum(counts.get(s, 0) for s in ("accepted", "under_appeal", "upheld", "changed", "sealed"))
    figures = f"{span},参加考核的单位中,{';'.join(said)}。" if said else f"{span}尚无单位得分。"
    work = f"期间共提交工作{sent}件,审核通过{passed}件,退回补正{counts.get('returned', 0)}件,不予计分{counts.get('refused', 0)}件"
    rate = f",通过率{half_up(Fraction(passed * 100, sent), 1)}%。" if sent else "。"
    return full_width(figures + work + rate if sent else figures)


def name_of(board: Board, subject: UUID) -> str:
    return board.members[subject].name


def moved(units: Sequence[Board]) -> str:
    changes = [
        (board.change(r.subject) or 0, name_of(board, r.subject))
        for board in units
        for r in board.ordered.ranks
    ]
    up = max(changes, default=(0, ""), key=lambda found: found[0])
    risen = sum(change > 0 for change, _ in changes)
    return (
        full_width(f"与上期相比,{risen}个单位名次上升,其中{up[1]}上升{up[0]}位,进步最大。")
        if up[0] > 0
        else ""
    )


def demands(units: Sequence[Board]) -> str:
    del units
    return full_width(
        "各单位要对照目标责任逐项检查,补齐短板;低于红线的单位应按要求书面说明原因和整改措施,由考核办跟踪督办。"
    )
