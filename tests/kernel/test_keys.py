"""Keys are told apart by their ids, so that they can be changed while the platform runs."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contracts.permissions import Role
from kernel.clock import SystemClock
from kernel.identity import Principal
from kernel.ids import new_id
from kernel.keys import KeyRing, SigningKey, key_id
from kernel.local.keys import key_pair
from kernel.testing.people import grant, person
from kernel.tokens import ServiceTokens, SessionTokens, TokenRefused

CLOCK = SystemClock()


def test_the_id_of_a_key_is_its_published_thumbprint():
    """The example of RFC 8037, appendix A.3."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "="))
    assert key_id(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_session_key_is_changed_without_signing_anybody_out():
    (old, old_public), (new, new_public) = key_pair(), key_pair()
    before = SessionTokens(KeyRing.of(old_public), SigningKey(old), CLOCK)
    both = SessionTokens(KeyRing.of(old_public + new_public), SigningKey(new), CLOCK)
    after = SessionTokens(KeyRing.of(new_public), SigningKey(new), CLOCK)
    by_old, by_new = before.sign(person(), "c")[0], both.sign(person(), "c")[0]
    assert both.verify(by_old)
    assert both.verify(by_new)
    assert after.verify(by_new)
    with pytest.raises(TokenRefused):
        after.verify(by_old)
    with pytest.raises(TokenRefused):
        before.verify(by_new)


def test_the_key_of_one_service_speaks_for_no_other():
    pairs = {name: key_pair() for name in ("org", "targets")}
    rings = {name: KeyRing.of(public) for name, (_, public) in pairs.items()}
    org = ServiceTokens("org", SigningKey(pairs["org"][0]), rings, CLOCK)
    targets = ServiceTokens("targets", SigningKey(pairs["targets"][0]), rings, CLOCK)
    assert org.verify(targets.sign(audience="org")) == "targets"
    pretender = ServiceTokens("targets", SigningKey(pairs["org"][0]), rings, CLOCK)
    with pytest.raises(TokenRefused):
        org.verify(pretender.sign(audience="org"))


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
def test_a_ring_of_no_keys_is_refused_at_start(text: str):
    with pytest.raises(ValueError, match=r"."):
        KeyRing.of(text)


def test_a_key_of_another_kind_is_refused_at_start():
    other = generate_private_key(65537, 2048).public_key()
    pem = other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    with pytest.raises(ValueError, match="Ed25519"):
        KeyRing.of(key_pair()[1] + pem)


def machine(*more: Role) -> Principal:
    return person(*(grant(role, new_id(), "JZ/") for role in (Role.MACHINE, *more)))


def test_a_machines_token_is_for_machines_alone():
    private, public = key_pair()
    tokens = SessionTokens(KeyRing.of(public), SigningKey(private), CLOCK)
    token, _ = tokens.sign_machine(machine())
    assert tokens.verify_machine(token).principal.roles() == {Role.MACHINE}
    for other in (tokens.sign_machine(machine(Role.CHIEF))[0], tokens.sign(machine(), "c")[0]):
        with pytest.raises(TokenRefused):
            tokens.verify_machine(other)
    with pytest.raises(TokenRefused):
        tokens.verify(token)
