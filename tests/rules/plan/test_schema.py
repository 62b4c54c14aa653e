"""The published schemas say what the readers read: no key more, none less."""

import copy
from collections import defaultdict

import jsonschema_rs
import pytest

from rules import RuleError
from rules.plan import parse_facts, parse_plan
from rules.plan.reading import COMMON, FULL, TYPES, read_node
from rules.plan.schema import expected_schema, facts_schema, plan_schema
from rules.plan.schema.nodes import NODES
from rules.reading import Reader
from tests.rules.plan.files import PLANS, plan_of, read_file
from tests.rules.plan.test_worked import ALL

_PLAN = jsonschema_rs.Draft202012Validator(plan_schema())
_FACTS = jsonschema_rs.Draft202012Validator(facts_schema())
_EXPECTED = jsonschema_rs.Draft202012Validator(expected_schema())
#: Keys that are read only beside another one.
_VARIANTS = [{}, {"method": "count"}, {"by": "x"}, {"raters": [{}]}, {"method": "weighted_sum"}]
_FILES = sorted(PLANS.glob("*/*.yaml"))


def _read_keys(kind, monkeypatch):
    seen = defaultdict(set)
    with monkeypatch.context() as patch:
        close = Reader.close

        def recording(self):
            seen[self.place] |= self._read
            close(self)

        patch.setattr(Reader, "close", recording)
        for variant in _VARIANTS:
            reader = Reader({"type": kind, **variant}, "node", [])
            read_node(reader, frozenset())
            seen["node"] |= reader._read
    return seen["node"]


@pytest.mark.parametrize("kind", TYPES)
def test_a_node_has_the_keys_that_are_read(kind, monkeypatch):
    _, keys = NODES[kind]
    assert {*keys, "type", *COMMON, FULL} == _read_keys(kind, monkeypatch)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_files_of_the_cases_are_valid(path):
    validator = {"plan": _PLAN, "expected": _EXPECTED}.get(path.stem.partition("-")[0], _FACTS)
    assert [f"{e.instance_path}: {e.message}" for e in validator.iter_errors(read_file(path))] == []


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.title)
def test_the_worked_examples_are_valid(example):
    assert [f"{e.instance_path}: {e.message}" for e in _PLAN.iter_errors(example.plan)] == []
    assert [f"{e.instance_path}: {e.message}" for e in _FACTS.iter_errors(example.facts)] == []


def _refused(parse, data):
    try:
        parse(data)
    except RuleError:
        return True
    return False


def _objects(data, path=()):
    if isinstance(data, dict):
        yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        yield from _objects(item, (*path, key))


def _with_key(data, path):
    changed = copy.deepcopy(data)
    place = changed
    for key in path:
        place = place[key]
    place["zz"] = []
    return changed


@pytest.mark.parametrize("example", ALL[::3], ids=lambda example: example.title)
def test_what_is_added_anywhere_is_refused_by_both(example):
    for parse, validator, data in ((parse_plan, _PLAN, example.plan), (parse_facts, _FACTS, example.facts)):
        for path in _objects(data):
            if "figures" in path and path[-1] == "figures":
                continue  # a list is a figure too: no events
            changed = _with_key(data, path)
            assert (_refused(parse, changed), validator.is_valid(changed)) == (True, False), path


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_required_is_required_by_both(kind):
    required = set(NODES[kind][0].split())
    complete = next(e.plan for e in ALL if e.plan["nodes"].get("x", {}).get("type") == kind)
    for key in required & set(complete["nodes"]["x"]):
        changed = copy.deepcopy(complete)
        del changed["nodes"]["x"][key]
        assert (_refused(parse_plan, changed), _PLAN.is_valid(changed)) == (True, False), key


def test_a_reading_may_stand_for_any_parameter():
    plan = plan_of({"total": {"type": "take", "of": {"setting": "which"}}})
    plan["settings"] = {"which": {"values": [{"value": "a"}, {"value": "b"}]}}
    assert _PLAN.is_valid(plan)
    assert parse_plan(plan, {"which": "b"}).nodes["total"].node.figures == ("b",)
