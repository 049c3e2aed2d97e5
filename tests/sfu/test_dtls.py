"""Handshakes between two real endpoints over an in-process link, in injected time."""

import gc
import os
import weakref

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL

from sfu.dtls import HANDSHAKE_LIMIT_S, MAX_DATAGRAM_BYTES, DtlsEndpoint, DtlsIdentity
from sfu.sdp import Fingerprint
from tests.sfu.conftest import NOON
from tests.sfu.dtls_client import DtlsClient, Handshake, bad_link


def endpoint(server: DtlsIdentity, client: DtlsIdentity) -> DtlsEndpoint:
    return DtlsEndpoint(server, (client.fingerprint,), 0.0)


def test_both_ends_get_the_same_keys_crossed(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> None:
    handshake = Handshake(DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity))
    handshake.run(until=2.0)
    keys = handshake.server.keys
    assert keys is not None
    assert keys.profile == "AEAD_AES_128_GCM"
    client_key, server_key, client_salt, server_salt = handshake.client.keys((16, 12))
    assert (keys.receive_key, keys.receive_salt) == (client_key, client_salt)
    assert (keys.send_key, keys.send_salt) == (server_key, server_salt)


def test_a_peer_without_gcm_gets_aes_cm_with_sha1(server_identity: DtlsIdentity) -> None:
    identity = DtlsIdentity(NOON)
    identity.context.set_tlsext_use_srtp(b"SRTP_AES128_CM_SHA1_80")
    handshake = Handshake(DtlsClient(identity, 0.0), endpoint(server_identity, identity))
    handshake.run(until=2.0)
    keys = handshake.server.keys
    assert keys is not None
    assert (keys.profile, len(keys.send_key), len(keys.send_salt)) == ("AES128_CM_SHA1_80", 16, 14)
    assert keys.receive_salt == handshake.client.keys((16, 14))[2]


def test_every_flight_fits_into_1200_byte_datagrams(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    handshake = Handshake(DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity))
    handshake.run(until=2.0)
    assert max(map(len, handshake.server_datagrams)) <= MAX_DATAGRAM_BYTES


@pytest.mark.parametrize("seed", range(40))
def test_a_bad_link_delays_the_handshake_and_does_not_stop_it(
    seed: int, server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    link = bad_link(seed, loss=0.3, repeat=0.3)
    handshake = Handshake(DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity), link)
    handshake.run(until=HANDSHAKE_LIMIT_S)
    assert handshake.server.state == "established", handshake.server.failure
    assert handshake.client.is_done


def test_the_last_flight_is_repeated_when_the_peer_repeats_its_own(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    client, server = DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity)
    hello_answer = [d for hello in client.start(0.0) for d in server.receive(hello, 0.0)]
    final = [d for datagram in hello_answer for d in client.receive(datagram, 0.0)]
    lost = [d for datagram in final for d in server.receive(datagram, 0.0)]
    assert lost
    assert server.state == "established"
    repeated = [d for datagram in client.poll(1.0) for d in server.receive(datagram, 1.0)]
    for datagram in repeated:
        client.receive(datagram, 1.0)
    assert client.is_done


def test_a_repeated_flight_does_not_become_a_flood(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    handshake = Handshake(DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity))
    handshake.run(until=2.0)
    answers = [handshake.server.receive(b"\x16" + bytes(40), 3.0 + n / 1000) for n in range(10_000)]
    assert sum(map(bool, answers)) <= 20


def test_a_certificate_that_was_not_announced_gives_no_keys(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    server = DtlsEndpoint(server_identity, (server_identity.fingerprint,), 0.0)
    handshake = Handshake(DtlsClient(client_identity, 0.0), server)
    handshake.run(until=2.0)
    assert (server.state, server.failure, server.keys) == ("failed", "fingerprint", None)


def test_only_the_strongest_announced_hash_counts(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> None:
    forged = Fingerprint("sha-512", bytes(64))
    server = DtlsEndpoint(server_identity, (client_identity.fingerprint, forged), 0.0)
    Handshake(DtlsClient(client_identity, 0.0), server).run(until=2.0)
    assert server.failure == "fingerprint"


@pytest.mark.parametrize(("name", "algorithm"), [("sha-384", hashes.SHA384()), ("sha-512", hashes.SHA512())])
def test_longer_fingerprints_are_taken(
    name: str, algorithm: hashes.HashAlgorithm, server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    client = DtlsClient(client_identity, 0.0)
    certificate = client.connection.get_certificate(as_cryptography=True)
    assert certificate is not None
    fingerprint = Fingerprint("sha-384" if name == "sha-384" else "sha-512", certificate.fingerprint(algorithm))
    server = DtlsEndpoint(server_identity, (fingerprint,), 0.0)
    Handshake(client, server).run(until=2.0)
    assert server.state == "established"


def anonymous_context(*, has_srtp: bool) -> SSL.Context:
    context = SSL.Context(SSL.DTLS_METHOD)
    if has_srtp:
        context.set_tlsext_use_srtp(b"SRTP_AEAD_AES_128_GCM")
    return context


def test_a_peer_without_a_certificate_fails(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> None:
    bare = DtlsIdentity(NOON)
    bare.context = anonymous_context(has_srtp=True)
    server = endpoint(server_identity, client_identity)
    Handshake(DtlsClient(bare, 0.0), server).run(until=2.0)
    assert (server.state, server.failure) == ("failed", "handshake")


def test_a_peer_without_an_srtp_profile_fails(server_identity: DtlsIdentity) -> None:
    identity = DtlsIdentity(NOON)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    certificate = (
        builder
        .serial_number(1)
        .not_valid_before(NOON)
        .not_valid_after(NOON.replace(year=2027))
        .sign(key, hashes.SHA256())
    )
    identity.context = anonymous_context(has_srtp=False)
    identity.context.use_certificate(certificate)
    identity.context.use_privatekey(key)
    identity.fingerprint = Fingerprint("sha-256", certificate.fingerprint(hashes.SHA256()))
    server = endpoint(server_identity, identity)
    Handshake(DtlsClient(identity, 0.0), server).run(until=2.0)
    assert (server.state, server.failure, server.keys) == ("failed", "srtp_profile", None)


def test_a_handshake_left_half_open_fails_after_ten_seconds(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    server = endpoint(server_identity, client_identity)
    for datagram in DtlsClient(client_identity, 0.0).start(0.0):
        server.receive(datagram, 0.0)
    now, sent = 0.0, 0
    while server.state == "handshaking":
        assert server.next_timeout is not None
        now = server.next_timeout
        sent += len(server.poll(now))
    assert now == pytest.approx(HANDSHAKE_LIMIT_S)
    assert sent <= 8
    assert server.next_timeout is None
    assert server.receive(b"\x16" + bytes(60), now + 1) == []


def test_without_a_first_datagram_the_limit_holds_too(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    server = endpoint(server_identity, client_identity)
    assert server.next_timeout == HANDSHAKE_LIMIT_S
    server.poll(HANDSHAKE_LIMIT_S)
    assert server.failure == "timeout"


def test_garbage_before_and_between_does_not_disturb(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    client, server = DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity)
    for junk in (b"", b"\x16", bytes(13), os.urandom(100), bytes(5000), b"\x17" + os.urandom(60)):
        assert server.receive(junk, 0.0) == []
    handshake = Handshake(client, server)
    handshake.run(until=2.0)
    assert server.state == "established"


def zero_length_fragment() -> bytes:
    handshake = b"\x01" + (1000).to_bytes(3, "big") + bytes(2) + bytes(3) + bytes(3)
    return b"\x16\xfe\xfd" + bytes(8) + len(handshake).to_bytes(2, "big") + handshake


def test_ten_thousand_fragments_are_bounded_in_memory(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    server = endpoint(server_identity, client_identity)
    for number in range(10_000):
        body = os.urandom(1000)
        header = b"\x01" + (65000).to_bytes(3, "big") + bytes(2) + (number * 7 % 60000).to_bytes(3, "big")
        fragment = header + len(body).to_bytes(3, "big") + body
        record = b"\x16\xfe\xfd" + bytes(2) + number.to_bytes(6, "big") + len(fragment).to_bytes(2, "big") + fragment
        server.receive(record, 0.0)
    assert server.state == "failed"
    assert server.failure in ("too_many_datagrams", "handshake")


def test_zero_length_fragments_do_not_loop(server_identity: DtlsIdentity, client_identity: DtlsIdentity) -> None:
    server = endpoint(server_identity, client_identity)
    for _ in range(50):
        server.receive(zero_length_fragment(), 0.0)
    assert server.state in ("handshaking", "failed")


def test_an_alert_in_clear_after_the_handshake_is_ignored(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    handshake = Handshake(DtlsClient(client_identity, 0.0), endpoint(server_identity, client_identity))
    handshake.run(until=2.0)
    close_notify = b"\x15\xfe\xfd" + bytes(8) + b"\x00\x02\x01\x00"
    assert handshake.server.receive(close_notify, 5.0) == []
    assert handshake.server.state == "established"


def test_the_openssl_connection_is_freed_as_soon_as_the_keys_are_out(
    server_identity: DtlsIdentity, client_identity: DtlsIdentity
) -> None:
    server = endpoint(server_identity, client_identity)
    assert server._connection is not None
    held = weakref.ref(server._connection)
    Handshake(DtlsClient(client_identity, 0.0), server).run(until=2.0)
    gc.collect()
    assert server.state == "established"
    assert held() is None
