"""The browser's side of a handshake for tests, and a link that loses, repeats and reorders: both without a
socket and with the time passed in."""

import random
from collections.abc import Callable

from OpenSSL import SSL

from sfu.dtls import DtlsEndpoint, DtlsIdentity, Flights, SrtpKeys

RESEND_S = 0.5


class DtlsClient:
    """Begins a handshake, repeats its last flight after RESEND_S, and knows when it has keys."""

    def __init__(self, identity: DtlsIdentity, now: float) -> None:
        self.connection = SSL.Connection(identity.context, None)
        self.connection.set_connect_state()
        self.connection.set_ciphertext_mtu(1200)
        self.is_done = False
        self.has_failed = False
        self._flights = Flights()
        self._resend_at = now + RESEND_S

    def start(self, now: float) -> list[bytes]:
        return self._step(now)

    def receive(self, datagram: bytes, now: float) -> list[bytes]:
        if self.is_done or self.has_failed:
            return []
        self.connection.bio_write(datagram)
        return self._step(now)

    def poll(self, now: float) -> list[bytes]:
        if self.is_done or now < self._resend_at:
            return []
        self._resend_at = now + RESEND_S
        return self._flights.again()

    def _step(self, now: float) -> list[bytes]:
        try:
            self.connection.do_handshake()
            self.is_done = True
        except SSL.WantReadError:
            pass
        except SSL.Error:
            self.has_failed = True
        try:
            written = self.connection.bio_read(65536)
        except SSL.WantReadError:
            return []
        self._resend_at = now + RESEND_S
        return self._flights.put(written)

    def keys(self, profile_bytes: tuple[int, int]) -> tuple[bytes, bytes, bytes, bytes]:
        """Client's and server's key, client's and server's salt."""
        key, salt = profile_bytes
        material = self.connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (key + salt))
        return (
            material[:key],
            material[key : 2 * key],
            material[2 * key : 2 * key + salt],
            material[2 * key + salt :],
        )


Delivery = Callable[[bytes], list[tuple[float, bytes]]]


def perfect(datagram: bytes) -> list[tuple[float, bytes]]:
    return [(0.01, datagram)]


def bad_link(seed: int, loss: float, repeat: float) -> Delivery:
    """Each datagram is lost, or comes after 10–120 ms (so later ones overtake), perhaps twice."""
    dice = random.Random(seed)  # noqa: S311 - a repeatable link, not a secret

    def deliver(datagram: bytes) -> list[tuple[float, bytes]]:
        if dice.random() < loss:
            return []
        copies = 2 if dice.random() < repeat else 1
        return [(dice.uniform(0.01, 0.12), datagram) for _ in range(copies)]

    return deliver


class Handshake:
    """A client and a server over a link, driven in steps of 10 ms."""

    def __init__(self, client: DtlsClient, server: DtlsEndpoint, link: Delivery = perfect) -> None:
        self.client, self.server, self.link = client, server, link
        self.now = 0.0
        self.server_datagrams: list[bytes] = []
        self.server_keys: SrtpKeys | None = None
        self._to_server: list[tuple[float, bytes]] = []
        self._to_client: list[tuple[float, bytes]] = []
        self._send_to_server(client.start(0.0))

    def run(self, until: float) -> None:
        while self.now < until and not self.is_over():
            self.now += 0.01
            for datagram in _due(self._to_server, self.now):
                self._send_to_client(self.server.receive(datagram, self.now))
            for datagram in _due(self._to_client, self.now):
                self._send_to_server(self.client.receive(datagram, self.now))
            self._send_to_client(self.server.poll(self.now))
            self._send_to_server(self.client.poll(self.now))

    def is_over(self) -> bool:
        return (self.client.is_done and self.server.state == "established") or self.server.state == "failed"

    def _send_to_server(self, datagrams: list[bytes]) -> None:
        self._to_server += [(self.now + delay, data) for d in datagrams for delay, data in self.link(d)]

    def _send_to_client(self, datagrams: list[bytes]) -> None:
        self.server_datagrams += datagrams
        self._to_client += [(self.now + delay, data) for d in datagrams for delay, data in self.link(d)]


def _due(queue: list[tuple[float, bytes]], now: float) -> list[bytes]:
    due = sorted((entry for entry in queue if entry[0] <= now), key=lambda entry: entry[0])
    queue[:] = [entry for entry in queue if entry[0] > now]
    return [data for _, data in due]
