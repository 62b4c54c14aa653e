"""Each night some of the evidence is hashed again."""

from prometheus_client import REGISTRY

from services.submissions.jobs import rehash_some_evidence
from tests.services.submissions.conftest import PDF, Desk


def failures() -> float | None:
    return REGISTRY.get_sample_value("kaohe_verification_failures", {"check": "evidence"})


async def test_evidence_that_changed_in_the_store_is_counted(desk: Desk) -> None:
    runtime = desk.platform.runtimes["submissions"]
    draft = await desk.draft()
    added = (await desk.upload(draft["id"], "a.pdf", PDF + b"nightly")).json()
    await rehash_some_evidence(runtime)
    assert failures() == 0
    store = runtime.blobs
    stored = f"sha256/{added['sha256']}"
    store._client.remove_object(store._bucket, stored)
    await rehash_some_evidence(runtime)
    assert failures() == 1
