"""Every step that a timeline can show is called something in both languages: a page never shows a bare code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.test_rules import modules, tree

_WORDS = Path("web/src/i18n/words/steps.words.ts")
#: Kept as history, and shown on no page: what happens to schemes, guards and webhooks behind their own pages.
_UNSHOWN = {
    "add", "arrange", "close", "comment_answer", "consult", "copy", "end_consultation", "guard_exception", "indicator_change",
    "indicator_copy", "indicator_reuse", "open", "reminders", "revision_drop", "revision_fails", "revision_open", "revision_schedule",
    "revoke", "send_again",
}  # fmt: skip


def test_every_step_has_words_in_both_languages():
    words = re.findall(r"^  (\w+): '.+',$", _WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    services = ("services/submissions/actions", "services/targets/actions")
    found = {action for path in services for _, file in modules(path) for action in _actions(tree(file))}
    assert len(found) > 60
    assert not found - set(words) - _UNSHOWN
    assert sorted(words) == sorted([*set(words)] * 2)


def _actions(module: ast.Module) -> Iterator[str]:
    """Literal actions of calls, and those put together or kept in a name first."""
    for node in ast.walk(module):
        match node:
            case ast.keyword(arg="action", value=value):
                yield from _texts(value)
            case ast.Assign(targets=[ast.Name(id="action")], value=value):
                yield from _texts(value)
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name(id="action"), *_])], value=ast.Tuple(elts=[first, *_])
            ):
                yield from _texts(first)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.JoinedStr(values=[ast.Constant(value="late_"), *_]):
            yield from ("late_granted", "late_refused")
        case ast.JoinedStr(values=[ast.Constant(value="appeal_"), *_]):
            yield from ("appeal_upheld", "appeal_changed")
