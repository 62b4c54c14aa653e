"""What a change of postings meets: the schemes, how they count who moved, and what is sealed already."""

from contracts.permissions import Role
from contracts.scoring import ClosingStatus
from tests.services.targets.bureau import API, Bureau
from tests.services.targets.test_closing import tell


async def test_a_change_that_reaches_back_says_which_sealed_periods_it_crosses(bureau: Bureau):
    published = await bureau.published()
    keeper = bureau.in_role(Role.ROSTER_ADMIN, "CITY")
    [open_] = (await keeper.get(f"{API}/moves", since="2026-11-01"))["items"]
    assert (open_["sealed"], open_["counted"]) == ([], None)
    await tell(bureau, published.period, 1, ClosingStatus.SEALED)
    [sealed] = (await keeper.get(f"{API}/moves", since="2026-11-01"))["items"]
    assert [one["code"] for one in sealed["sealed"]] == ["2026-11"]
    [after] = (await keeper.get(f"{API}/moves", since="2026-11-26"))["items"]
    assert after["sealed"] == []


async def test_schemes_outside_the_administrators_scope_are_not_told(bureau: Bureau):
    await bureau.published()
    assert (await bureau.in_role(Role.ROSTER_ADMIN, "XZ02").get(f"{API}/moves", since="2026-11-01"))[
        "items"
    ] == []
    refused = await bureau.office().problem("GET", f"{API}/moves", params={"since": "2026-11-01"})
    assert refused["code"] == "permission-denied"
