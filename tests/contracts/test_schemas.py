"""Events are promises: within a version, fields may be added, nothing is renamed, removed or narrowed."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.catalog import EVENTS, STREAMS, SUBSCRIPTIONS
from contracts.envelope import Event

PROMISED = Path(__file__).parent / "schemas"


def broken_promises(promised: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What a consumer written against `promised` could no longer rely on."""
    broken = []
    for name, before in promised["properties"].items():
        after = now["properties"].get(name)
        if after is None:
            broken.append(f"{name} is gone")
        elif after != before and not _only_widened(before, after):
            broken.append(f"{name} was {before}, is {after}")
    missing = set(promised.get("required", ())) - set(now.get("required", ()))
    return broken + [f"{name} is no longer always there" for name in sorted(missing)]


def _only_widened(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return "enum" in before and set(before["enum"]) <= set(after.get("enum", ()))


@pytest.mark.parametrize("event", list(EVENTS.values()), ids=lambda event: event.type)
def test_an_event_keeps_what_its_snapshot_promises(event: type[Event]):
    file = PROMISED / f"{event.type}.json"
    promised = json.loads(file.read_text(encoding="utf-8"))
    now = event.model_json_schema(mode="serialization")
    assert broken_promises(promised, now) == []
    for name, before in promised.get("$defs", {}).items():
        after = now["$defs"][name]
        if "properties" in before:
            assert broken_promises(before, after) == []
        else:
            assert set(before["enum"]) <= set(after["enum"])


@pytest.mark.parametrize("event", list(EVENTS.values()), ids=lambda event: event.type)
def test_a_snapshot_is_renewed_when_fields_are_added(event: type[Event]):
    file = PROMISED / f"{event.type}.json"
    assert json.loads(file.read_text(encoding="utf-8")) == event.model_json_schema(mode="serialization")


def test_removing_a_field_breaks_the_promise():
    promised = {"properties": {"name": {"type": "string"}}, "required": ["name"]}
    assert broken_promises(promised, {"properties": {}, "required": []}) == [
        "name is gone",
        "name is no longer always there",
    ]


@pytest.mark.parametrize("event", list(EVENTS.values()), ids=lambda event: event.type)
def test_the_type_of_an_event_names_its_stream_and_version(event: type[Event]):
    stream, _, version = event.type.split(".")
    assert stream == event.stream
    assert version == "v1"


def test_every_subscription_is_to_a_stream_that_exists():
    assert {stream for streams in SUBSCRIPTIONS.values() for stream in streams} <= set(STREAMS)
