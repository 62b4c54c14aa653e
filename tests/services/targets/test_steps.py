"""Each step of a timeline has a link of its own and stands in the audit log under its id."""

from uuid import uuid4

from kernel.audit.chaining import chain_batch
from tests.services.targets.bureau import API, Bureau


async def test_a_step_is_found_by_its_link_with_its_mark_in_the_audit_log(bureau: Bureau):
    published = await bureau.published()
    county = await published.issue("XZ01")
    path = f"{API}/targets/{county['id']}/timeline"
    await chain_batch(bureau.platform.runtimes["targets"].db.engine, "targets")
    [step] = (await bureau.leader("XZ01").get(path))["items"]
    assert step["audit_seq"] > 0
    assert len(step["audit_hash"]) == 64
    assert await bureau.leader("XZ01").get(f"{path}/{step['id']}") == step
    assert (await bureau.leader("XZ01").problem("GET", f"{path}/{uuid4()}"))["code"] == "step-not-found"
    other = await published.issue("XZ02")
    elsewhere = f"{API}/targets/{other['id']}/timeline/{step['id']}"
    assert (await bureau.office().problem("GET", elsewhere))["code"] == "step-not-found"
    assert (await bureau.leader("XZ02").problem("GET", f"{path}/{step['id']}"))["status"] == 404
