"""The three administrators are separate from one another and from assessment, also in what they may do."""

from itertools import combinations

import pytest

from contracts.permissions import ADMINISTRATOR_ROLES, ASSESSMENT_ROLES, PERMISSIONS, Role, permissions_of

SHARED = {"session:own", "reporting:inbox", "org:read", "org:grants_read"}


@pytest.mark.parametrize("role", Role)
def test_a_role_carries_only_known_permissions(role: Role):
    assert permissions_of(role) <= PERMISSIONS.keys()


def test_every_permission_is_carried_by_some_role():
    assert set(PERMISSIONS) == {permission for role in Role for permission in permissions_of(role)}


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(ADMINISTRATOR_ROLES), 2)))
def test_two_administrators_share_no_power(one: Role, other: Role):
    assert permissions_of(one) & permissions_of(other) <= SHARED


@pytest.mark.parametrize("role", sorted(ADMINISTRATOR_ROLES))
def test_an_administrator_touches_no_business(role: Role):
    business = {p for r in ASSESSMENT_ROLES | {Role.OFFICER} for p in permissions_of(r)} - SHARED
    assert not permissions_of(role) & business
