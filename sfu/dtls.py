"""The DTLS handshake of one peer, without I/O: datagrams and the time go in, datagrams to send come out.
`peer.py` calls `receive` for what arrived from a checked address, `poll` when `next_timeout` has passed, and
takes `keys` once. Nothing here knows SDP, rooms or sockets.

    handshaking ──(handshake done, certificate and profile right)──▶ established ──▶ resends its last flight
         └──(10 s, alert, wrong certificate, no profile, too much input)──▶ failed

OpenSSL makes the records; resending is ours. Its timers read a clock of their own, start at a whole second
and end with the Connection, which holds 80 KiB. So every flight is kept as bytes: after a timeout it goes out
again with fresh numbers in its plaintext records (RFC 6347 §4.2.4: a receiver drops a number it has seen).
The encrypted record of the last flight keeps its number, and a receiver that has seen it needs it no more.
The Connection is freed as soon as the keys are out.
"""

import datetime
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from sfu.sdp import Fingerprint, HashName

State = Literal["handshaking", "established", "failed"]
SrtpProfile = Literal["AEAD_AES_128_GCM", "AES128_CM_SHA1_80"]

MAX_DATAGRAM_BYTES = 1200
HANDSHAKE_LIMIT_S = 10.0
# A browser's whole handshake is four datagrams of at most 1500 bytes; a hundred leaves room for bad links, and
# bounds what OpenSSL may have to hold for a peer that only sends fragments.
MAX_INCOMING_BYTES = 2048
MAX_INCOMING_DATAGRAMS = 100
FIRST_RESEND_S = 0.3
LONGEST_RESEND_S = 2.4
_MIN_RESEND_GAP_S = 0.05
_MAX_LAST_RESENDS = 20

_DTLS_1_2 = 0xFEFD
_RECORD_HEADER_BYTES = 13
_CHANGE_CIPHER_SPEC, _HANDSHAKE = 20, 22
_CIPHERS = b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
_SRTP_PROFILES = b"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
_EXPORTER = b"EXTRACTOR-dtls_srtp"
_KEY_AND_SALT_BYTES: dict[bytes, tuple[SrtpProfile, int, int]] = {
    b"SRTP_AEAD_AES_128_GCM": ("AEAD_AES_128_GCM", 16, 12),
    b"SRTP_AES128_CM_SHA1_80": ("AES128_CM_SHA1_80", 16, 14),
}
_HASHES: dict[HashName, hashes.HashAlgorithm] = {
    "sha-256": hashes.SHA256(),
    "sha-384": hashes.SHA384(),
    "sha-512": hashes.SHA512(),
}


class SrtpKeys(msgspec.Struct, frozen=True):
    """Master keys of both directions, as this end uses them (RFC 5764 §4.2)."""

    profile: SrtpProfile
    receive_key: bytes
    receive_salt: bytes
    send_key: bytes
    send_salt: bytes


class DtlsIdentity:
    """The certificate and the context of a process: made once, shared by all its handshakes."""

    def __init__(self, now: datetime.datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "zvonok")])
        certificate = (
            x509
            .CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=365))
            .sign(key, hashes.SHA256())
        )
        self.fingerprint = Fingerprint("sha-256", certificate.fingerprint(hashes.SHA256()))
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_options(SSL.OP_NO_TICKET | SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _accept_self_signed)
        context.set_cipher_list(_CIPHERS)
        context.set_tlsext_use_srtp(_SRTP_PROFILES)
        context.use_certificate(certificate)
        context.use_privatekey(key)
        self.context = context


def _accept_self_signed(*_: object) -> bool:
    """Every WebRTC certificate is self-signed; what counts is its fingerprint, compared after the handshake."""
    return True


class Flights:
    """What was sent last, ready to go again: records with our own numbers, in datagrams of at most 1200 bytes."""

    def __init__(self) -> None:
        self._records: list[bytes] = []
        self._next_number = 0

    def put(self, data: bytes) -> list[bytes]:
        """Take a flight as OpenSSL wrote it (records in a row) and give its datagrams."""
        self._records = list(_split(data))
        return self.again()

    def again(self) -> list[bytes]:
        datagrams: list[bytes] = []
        for record in self._records:
            numbered = self._numbered(record)
            if datagrams and len(datagrams[-1]) + len(numbered) <= MAX_DATAGRAM_BYTES:
                datagrams[-1] += numbered
            else:
                datagrams.append(numbered)
        return datagrams

    def _numbered(self, record: bytes) -> bytes:
        if record[3:5] != b"\0\0":
            return record
        number = self._next_number.to_bytes(6, "big")
        self._next_number += 1
        return record[:5] + number + record[11:]


def _split(data: bytes) -> list[bytes]:
    records = []
    while len(data) >= _RECORD_HEADER_BYTES:
        end = _RECORD_HEADER_BYTES + int.from_bytes(data[11:13], "big")
        records.append(data[:end])
        data = data[end:]
    return records


class DtlsEndpoint:
    """The server's side of one handshake."""

    def __init__(self, identity: DtlsIdentity, fingerprints: tuple[Fingerprint, ...], now: float) -> None:
        self.state: State = "handshaking"
        self.failure = ""
        self.keys: SrtpKeys | None = None
        self._fingerprints = fingerprints
        self._deadline = now + HANDSHAKE_LIMIT_S
        self._flights = Flights()
        self._resend_at: float | None = None
        self._resend_after_s = FIRST_RESEND_S
        self._received = 0
        self._last_resend = now
        self._last_resends = 0
        connection = SSL.Connection(identity.context, None)
        connection.set_accept_state()
        connection.set_ciphertext_mtu(MAX_DATAGRAM_BYTES)
        self._connection: SSL.Connection | None = connection

    @property
    def next_timeout(self) -> float | None:
        """When `poll` has to be called at the latest."""
        if self.state != "handshaking":
            return None
        return self._deadline if self._resend_at is None else min(self._resend_at, self._deadline)

    def poll(self, now: float) -> list[bytes]:
        if self.state != "handshaking":
            return []
        if now >= self._deadline:
            self._fail("timeout")
            return []
        if self._resend_at is None or now < self._resend_at:
            return []
        self._resend_after_s = min(2 * self._resend_after_s, LONGEST_RESEND_S)
        self._resend_at = now + self._resend_after_s
        return self._flights.again()

    def receive(self, datagram: bytes, now: float) -> list[bytes]:
        if not _RECORD_HEADER_BYTES <= len(datagram) <= MAX_INCOMING_BYTES:
            return []
        if self.state == "established":
            return self._resend_last(datagram, now)
        if self._connection is None or self._has_expired(now):
            return []
        self._received += 1
        if self._received > MAX_INCOMING_DATAGRAMS:
            self._fail("too_many_datagrams")
            return []
        return self._handshake(self._connection, datagram, now)

    def _has_expired(self, now: float) -> bool:
        if now >= self._deadline:
            self._fail("timeout")
        return self.state == "failed"

    def _handshake(self, connection: SSL.Connection, datagram: bytes, now: float) -> list[bytes]:
        connection.bio_write(datagram)
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            return self._flush(connection, now)
        except SSL.Error:
            alert = self._flush(connection, now)
            self._fail("handshake")
            return alert
        outgoing = self._flush(connection, now)
        self._finish(connection)
        return outgoing if self.state == "established" else []

    def _flush(self, connection: SSL.Connection, now: float) -> list[bytes]:
        written = bytearray()
        try:
            while True:
                written += connection.bio_read(16384)
        except SSL.WantReadError:
            pass
        if not written:
            return []
        self._resend_after_s = FIRST_RESEND_S
        self._resend_at = now + self._resend_after_s
        return self._flights.put(bytes(written))

    def _finish(self, connection: SSL.Connection) -> None:
        certificate = connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or not _matches(certificate, self._fingerprints):
            self._fail("fingerprint")
            return
        chosen = _KEY_AND_SALT_BYTES.get(connection.get_selected_srtp_profile())
        if chosen is None:
            self._fail("srtp_profile")
            return
        profile, key_bytes, salt_bytes = chosen
        material = connection.export_keying_material(_EXPORTER, 2 * (key_bytes + salt_bytes))
        salts = material[2 * key_bytes :]
        self.keys = SrtpKeys(
            profile=profile,
            receive_key=material[:key_bytes],
            receive_salt=salts[:salt_bytes],
            send_key=material[key_bytes : 2 * key_bytes],
            send_salt=salts[salt_bytes:],
        )
        self.state = "established"
        self._connection = None

    def _resend_last(self, datagram: bytes, now: float) -> list[bytes]:
        """The peer repeats its last flight while ours has not reached it (RFC 6347 §4.2.4)."""
        if datagram[0] not in (_HANDSHAKE, _CHANGE_CIPHER_SPEC) or now - self._last_resend < _MIN_RESEND_GAP_S:
            return []
        if self._last_resends >= _MAX_LAST_RESENDS:
            return []
        self._last_resend = now
        self._last_resends += 1
        return self._flights.again()

    def _fail(self, failure: str) -> None:
        self.state = "failed"
        self.failure = failure
        self._connection = None


def _matches(certificate: x509.Certificate, fingerprints: tuple[Fingerprint, ...]) -> bool:
    """Only the strongest hash that was offered counts (RFC 8122 §5)."""
    for algorithm in ("sha-512", "sha-384", "sha-256"):
        offered = [fingerprint.digest for fingerprint in fingerprints if fingerprint.algorithm == algorithm]
        if offered:
            return certificate.fingerprint(_HASHES[algorithm]) in offered
    return False
