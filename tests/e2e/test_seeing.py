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

#: Of each list: as much as is looked at, and as many of its items as are asked for one by one.
SHOWN, ASKED = 200, 25
#: Lists of kinds rather than of things.
NO_THINGS = {"/api/org/v1/orphans", "/api/targets/v1/working-days"}


def resources() -> Iterator[tuple[str, str]]:
    """The path of a list, and the name in the path of an item."""
    reads = {route.path for route in matrix(load_all()) if route.method == "GET"}
    for path in sorted(reads):
        item = re.fullmatch(r"(/api/[^{]+)/\{(\w+)\}", path)
        if item and item[1] in reads and item[1] not in NO_THINGS:
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


def key_of(item: dict[str, Any], name: str) -> str:
    """By what an item is asked for: `{submission_id}` is the `id` of a submission, `{number}` its `number`."""
    return str(item[name] if name in item else item["id"])


def shown(caller: Caller, path: str, name: str) -> set[str] | None:
    """Everything that the list shows; None where the role has no such list."""
    keys: set[str] = set()
    after: dict[str, str] = {}
    while True:
        answer = caller.http.get(path, params={"limit": SHOWN, **after})
        if answer.status_code == 403:
            return None
        assert answer.status_code == 200, (path, answer.text)
        page = answer.json()
        keys |= {key_of(item, name) for item in page["items"]}
        if not page.get("next"):
            return keys
        after = {"after": page["next"]}


@pytest.mark.parametrize(("path", "name"), resources())
def test_a_list_and_its_items_agree_for_everybody(people: dict[str, Caller], path: str, name: str):
    lists = {role: shown(caller, path, name) for role, caller in people.items()}
    everything = set().union(*(keys for keys in lists.values() if keys))
    wrong = []
    for role, keys in lists.items():
        own, others = sorted(keys or ()), sorted(everything - (keys or set()))
        asked = [(key, True) for key in own[:ASKED]] + [(key, False) for key in others[:ASKED]]
        for key, visible in asked:
            found = status(people[role], f"{path}/{key}")
            good = {200} if visible else {404} if keys is not None else {403, 404}
            if found not in good:
                wrong.append((role, key, "shown" if visible else "not shown", found))
    assert not wrong, (path, wrong)


def test_files_open_to_those_who_see_the_work_and_to_nobody_else(people: dict[str, Caller]):
    path = "/api/submissions/v1/submissions"
    works = {item["id"]: item for caller in people.values() for item in caller.every(path)}
    with_files = [
        (work, file["sha256"]) for work, item in sorted(works.items()) for file in item["evidence"]
    ][:ASKED]
    assert with_files
    blind = 0
    for role, caller in people.items():
        seen = shown(caller, path, "submission_id")
        for work, sha256 in with_files:
            found = status(caller, f"{path}/{work}/evidence/{sha256}")
            visible = seen is not None and work in seen
            blind += not visible
            assert found in ({200} if visible else {403, 404}), (role, work, visible, found)
    assert blind


def test_what_the_search_finds_is_what_the_list_shows(people: dict[str, Caller]):
    path = "/api/submissions/v1/submissions"
    everything = {item["number"]: item["id"] for caller in people.values() for item in caller.every(path)}
    for role, caller in people.items():
        seen = shown(caller, path, "submission_id")
        for number, work in sorted(everything.items())[:ASKED]:
            answer = caller.http.get(path, params={"number": number})
            found = [item["id"] for item in answer.json()["items"]] if answer.status_code == 200 else []
            assert found == ([work] if seen is not None and work in seen else []), (role, number)
