"""Who is turned away before anything of a body is read, and who asks too often."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.permissions import Role
from kernel.errors import TooMany
from kernel.rates import Rates
from kernel.service import UNSAFE, access_of, routes_of
from kernel.testing.people import Caller, grant, person
from kernel.web.access import Public
from tests.kernel.web.conftest import ORG, Edge

IMPORTS = f"{ORG}/roster/imports"
FORM = "multipart/form-data; boundary=x"
MANY = 200


class Sender:
    """A large form, and how much of it anybody asked for."""

    def __init__(self) -> None:
        self.sent = 0

    async def pieces(self) -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        for _ in range(MANY):
            self.sent += 1
            yield b"0" * 65536
        yield b"\r\n--x--\r\n"


async def upload(caller: Caller, path: str = IMPORTS, method: str = "POST") -> tuple[int, Any, int]:
    sender = Sender()
    answer = await caller.send(method, path, content=sender.pieces(), headers={"Content-Type": FORM})
    return answer.status_code, answer.json()["code"], sender.sent


async def test_nothing_is_read_of_a_strangers_upload(edge: Edge):
    assert await upload(edge.caller()) == (401, "unauthenticated", 0)


async def test_nothing_is_read_of_an_upload_that_the_role_does_not_permit(edge: Edge):
    officer = edge.caller(person(officer_id=uuid4()))
    assert await upload(officer) == (403, "permission-denied", 0)


async def test_nothing_is_read_of_an_upload_that_a_foreign_page_sends(edge: Edge):
    foreign = edge.caller(edge.admin(), Origin="http://evil.test")
    assert await upload(foreign) == (403, "csrf-refused", 0)


async def test_no_unsafe_route_reads_a_strangers_body(edge: Edge):
    """Every route of the service that does not stand open to everybody."""
    app = edge.platform.apps["org"]
    closed = [r for r in routes_of(app) if r.methods & UNSAFE and not isinstance(access_of(r)[0], Public)]
    assert len(closed) > 20
    for route in closed:
        path = route.path
        for name in route.param_convertors or ():
            path = path.replace(f"{{{name}}}", str(uuid4()))
        (method, *_) = sorted(route.methods & UNSAFE)
        status, _, read = await upload(edge.caller(), path, method)
        assert (status, read) == (401, 0), path


async def test_a_machine_comes_in_by_its_header_and_needs_no_security_token(edge: Edge):
    machine = person(grant(Role.MACHINE, UUID(edge.root_id), "JZ/"), name="某系统")
    token, _ = edge.runtime.sessions.sign_machine(machine)
    caller = edge.caller(None, Authorization=f"Bearer {token}")
    assert (await caller.problem("GET", f"{ORG}/units"))["code"] == "permission-denied"
    assert (await caller.get(f"{ORG}/sessions"))["items"] == []
    edge.runtime.revoked.add(machine.session_id)
    assert (await caller.problem("GET", f"{ORG}/sessions"))["code"] == "token-refused"
    edge.runtime.revoked.discard(machine.session_id)


@pytest.fixture
def slow_entry(edge: Edge) -> Iterator[None]:
    kept = edge.runtime.rates
    edge.runtime.rates = rates(entry="3/minute", account="4/minute")
    yield
    edge.runtime.rates = kept


def rates(*, account: str = "", address: str = "", entry: str = "") -> Rates:
    return Rates("org", account=account, address=address, entry=entry, trusted=("127.0.0.0/8",))


@pytest.mark.usefixtures("slow_entry")
async def test_who_tries_to_sign_in_too_often_is_told_when_to_come_back(edge: Edge):
    somebody = edge.caller(None, **{"X-Forwarded-For": "192.0.2.7"})
    body = {"username": "nobody-here", "password": "Wrong-password-1"}
    answers = [await somebody.send("POST", f"{ORG}/session", json=body) for _ in range(4)]
    assert [a.status_code for a in answers] == [401, 401, 401, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 120
    assert answers[-1].json()["code"] == "too-many"
    assert (await somebody.send("GET", "/health/live")).status_code == 200
    elsewhere = edge.caller(None, **{"X-Forwarded-For": "192.0.2.8"})
    assert (await elsewhere.send("POST", f"{ORG}/session", json=body)).status_code == 401


@pytest.mark.usefixtures("slow_entry")
async def test_an_account_that_asks_too_often_does_not_slow_down_others(edge: Edge):
    busy, calm = edge.caller(edge.admin()), edge.caller(edge.admin())
    statuses = [(await busy.send("GET", f"{ORG}/series")).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert (await calm.send("GET", f"{ORG}/series")).status_code == 200


def test_only_a_gateway_is_believed_where_a_request_comes_from():
    found = rates()
    assert found.address_of("127.0.0.1", "198.51.100.1, 192.0.2.7") == "192.0.2.7"
    assert found.address_of("192.0.2.9", "198.51.100.1") == "192.0.2.9"
    assert found.address_of("127.0.0.1", "not an address") == "127.0.0.1"
    assert found.address_of("127.0.0.1", "") == "127.0.0.1"


def test_an_address_that_many_people_share_has_a_limit_of_its_own():
    found = rates(address="2/minute")
    for _ in range(2):
        found.count_address("192.0.2.7", entry=False)
    with pytest.raises(TooMany):
        found.count_address("192.0.2.7", entry=False)
    found.count_address("127.0.0.1", entry=False)
