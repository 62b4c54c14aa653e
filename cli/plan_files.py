"""Plan, facts and example files as people write them: read strictly, every error with its file and line."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NoReturn

import typer
import yaml
from rich.console import Console

from cli.texts import EXIT_FINDINGS, EXIT_USAGE, say
from rules.findings import Finding

MOST_BYTES: Final = 256 * 1024 * 1024
_errors = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
_MERGE: Final = "tag:yaml.org,2002:merge"


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """YAML in which days, times, decimals and words such as `on` stay what was written, and no key comes twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    """Keys are text, whatever they look like: a table of years has years as its names."""
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in seen:
            shown = key.value if isinstance(key, yaml.ScalarNode) else ""
            said = say(f"“{shown}” 写了两次", f"“{shown}” comes twice")
            raise yaml.MarkedYAMLError(
                problem=said if shown else say("名称应为文字", "a name must be text"),
                problem_mark=key.start_mark,
            )
        seen.add(key.value)
    loader.flatten_mapping(node)
    return {key.value: loader.construct_object(value, deep=True) for key, value in node.value}


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag in {"tag:yaml.org,2002:null", _MERGE}]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile("^(?:0|-?[1-9][0-9]*)$"), list("-0123456789")
)


def read_file(path: Path) -> Any:
    """Ends with status 2, saying why and on which line, when the file cannot be read."""
    try:
        if path.stat().st_size <= MOST_BYTES:
            return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 -- a safe loader, made stricter
        why = say("文件过大", "the file is too large")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = "" if mark is None else say(f"第 {mark.line + 1} 行:", f"line {mark.line + 1}: ")
        why = where + (error.problem or str(error))
    except UnicodeDecodeError:
        why = say("不是 UTF-8 文本", "it is not UTF-8 text")
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        why = str(error)
    _errors.print(say(f"无法读取 {path}:", f"cannot read {path}: ") + why, style="red")
    raise typer.Exit(EXIT_USAGE)


def refuse(path: Path, findings: Iterable[Finding]) -> NoReturn:
    """Every error with the line that it is on; ends with status 3."""
    lines = Lines(path)
    found = [(lines.of(finding.place), finding) for finding in findings]
    for line, finding in sorted(found, key=lambda each: each[0]):
        place = finding.place or "."
        _errors.print(f"{path}:{line}: {place}: {say(finding.zh, finding.en)} [{finding.code}]")
    raise typer.Exit(EXIT_FINDINGS)


class Lines:
    """Which line a place such as `nodes.total.parts.0` stands on; the nearest thing around it when it is not there."""

    def __init__(self, path: Path) -> None:
        self._root = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)

    def of(self, place: str) -> int:
        node, line = self._root, 1
        parts = place.split(".") if place else []
        while node is not None and parts:
            node, line, parts = _step(node, line, parts)
        return line


def _step(node: Any, line: int, parts: list[str]) -> tuple[Any, int, list[str]]:
    if isinstance(node, yaml.SequenceNode) and parts[0].isdigit() and int(parts[0]) < len(node.value):
        found = node.value[int(parts[0])]
        return found, found.start_mark.line + 1, parts[1:]
    if isinstance(node, yaml.MappingNode):
        keys = {key.value: (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
        for taken in range(len(parts), 0, -1):  # a name may have dots of its own
            if (pair := keys.get(".".join(parts[:taken]))) is not None:
                return pair[1], pair[0].start_mark.line + 1, parts[taken:]
    return None, line, []
