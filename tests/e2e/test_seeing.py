"""One visibility rule a resource: what a list shows opens, with its files; what it does not show is not there for anybody who asks.

Every list of the route table that has an item below it, as every role of the demonstration bureau, against what everybody
together can see.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from cli.manifests import load_all
from kernel.authorisation import matrix
from tests.e2e.bureau import Bureau
from tests.e2e.people import Caller

#: As many items of each list as are asked for one by one.
ASKED = 5
WORKS = "/api/submissions/v1/submissions"
#: Lists of kinds rather than of things, and of one period's closing, which the demonstration has not begun.
LEFT_OUT = {"/api/org/v1/orphans", "/api/targets/v1/working-days", "/api/scoring/v1/plan-runs"}


def resources() -> Iterator[tuple[str, str]]:
    """The path of a list, and the name in the path of an item."""
    reads = {route.path for route in matrix(load_all()) if route.method == "GET"}
    for path in sorted(reads):
        item = re.fullmatch(r"(/api/[^{]+)/\{(\w+)\}", path)
        if item and item[1] in reads and item[1] not in LEFT_OUT:
            yield item[1], item[2]


@pytest.fixture(scope="module")
def people(bureau: Bureau) -> Iterator[dict[str, Caller]]:
    found = {
        role: Caller(bureau.url, account["username"], account["password"])
        for role, account in bureau.accounts.items()
    }
    yield found
    for caller in found.values():
        caller.close()


def status(caller: Caller, path: str) -> int:
    return caller.http.get(path).status_code


def listed(caller: Caller, path: str, **query: str) -> list[dict[str, Any]] | None:
    """Everything that the list shows; None where the role has no such list."""
    if caller.http.get(path, params=query | {"limit": "1"}).status_code == 403:
        return None
    return caller.every(path, **query)


def key_of(item: dict[str, Any], name: str) -> str:
    """What `{name}` of an item's path is: its own field, its id, or the id of the thing that it tells of."""
    told = item.get(name.removesuffix("_id"))
    return str(item.get(name) or item.get("id") or (told["id"] if isinstance(told, dict) else told))


def shown(caller: Caller, path: str, name: str) -> set[str] | None:
    items = listed(caller, path)
    return None if items is None else {key_of(item, name) for item in items}


def disagreeing(people: dict[str, Caller], path: str, name: str) -> Iterator[tuple[str, str, bool, int]]:
    """Role, path of an item, whether its list shows it to the role, what the role gets."""
    lists = {role: shown(caller, path, name) for role, caller in people.items()}
    everything = set().union(*(keys for keys in lists.values() if keys))
    for role, keys in lists.items():
        own, others = sorted(keys or ()), sorted(everything - (keys or set()))
        asked = [(key, True) for key in own[:ASKED]] + [(key, False) for key in others[:ASKED]]
        for key, visible in asked:
            found = status(people[role], f"{path}/{key}")
            good = {200} if visible else {404} if keys is not None else {403, 404}
            if found not in good:
                yield role, f"{path}/{key}", visible, found


def test_a_list_and_its_items_agree_for_everybody(people: dict[str, Caller]):
    assert [wrong for path, name in resources() for wrong in disagreeing(people, path, name)] == []


def test_files_open_to_those_who_see_the_work_and_to_nobody_else(people: dict[str, Caller]):
    lists = {role: listed(caller, WORKS) for role, caller in people.items()}
    works = {item["id"]: item for items in lists.values() for item in items or ()}
    files = [(work, file["sha256"]) for work, item in sorted(works.items()) for file in item["evidence"]]
    hidden = 0
    for role, caller in people.items():
        seen = {item["id"] for item in lists[role] or ()}
        for work, sha256 in files[:ASKED]:
            found = status(caller, f"{WORKS}/{work}/evidence/{sha256}")
            hidden += work not in seen
            assert found in ({200} if work in seen else {403, 404}), (role, work, found)
    assert files
    assert hidden


def test_what_the_search_finds_is_what_the_list_shows(people: dict[str, Caller]):
    lists = {role: listed(caller, WORKS) for role, caller in people.items()}
    works = {item["number"]: item["id"] for items in lists.values() for item in items or ()}
    for role, caller in people.items():
        seen = {item["id"] for item in lists[role] or ()}
        for number, work in sorted(works.items())[:ASKED]:
            found = listed(caller, WORKS, number=number) or []
            assert [item["id"] for item in found] == ([work] if work in seen else []), (role, number)
