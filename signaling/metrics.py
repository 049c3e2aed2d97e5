"""Counters and gauges of signaling, and the loopback port where Prometheus reads them. No name, no id, no address.

One `Metrics` a process, made by the composition root and handed to whoever counts.
"""

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.rooms = Gauge("zvonok_rooms", "Live rooms", registry=self.registry)
        self.participants = Gauge("zvonok_participants", "People in live rooms", registry=self.registry)
        self.waiting = Gauge("zvonok_waiting", "People at the doors of live rooms", registry=self.registry)
        self.connections = Gauge("zvonok_websockets", "Open WebSockets", registry=self.registry)
        self.connection_checks = Gauge(
            "zvonok_connection_checks", "Checks of a line that go on", registry=self.registry
        )
        self.media_node_up = Gauge(
            "zvonok_media_node_up", "1 while the media node is connected", registry=self.registry
        )
        self.seated = Counter("zvonok_seats_taken", "Joins and resumes that succeeded", registry=self.registry)
        self.refusals = Counter("zvonok_refusals", "HTTP requests refused", ["code"], registry=self.registry)
        self.failures = Counter("zvonok_failures", "WebSocket requests that failed", ["code"], registry=self.registry)
        self.powers_refused = Counter(
            "zvonok_powers_refused",
            "WebSocket requests for a power that the person does not have",
            registry=self.registry,
        )
        self.messages_in = Counter("zvonok_messages_in", "WebSocket messages received", registry=self.registry)
        self.messages_out = Counter("zvonok_messages_out", "WebSocket messages sent", registry=self.registry)
        self.bytes_out = Counter("zvonok_bytes_out", "Characters of WebSocket messages sent", registry=self.registry)
        self.hang_ups = Counter("zvonok_hang_ups", "WebSockets closed by the server", ["code"], registry=self.registry)
        self.media_resets = Counter("zvonok_media_resets", "Media nodes that came new", registry=self.registry)
        self.states_kept = Counter("zvonok_states_kept", "States of live rooms written", registry=self.registry)
        self.rooms_restored = Counter("zvonok_rooms_restored", "Rooms of an earlier process", registry=self.registry)
        self.faults = Counter("zvonok_faults", "Unexpected errors caught at a border", ["part"], registry=self.registry)

    def count_failure(self, code: str) -> None:
        self.failures.labels(code=code).inc()
        if code == "not_allowed":
            self.powers_refused.inc()


def metrics_app(metrics: Metrics) -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(metrics.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/metrics", answer)
    return app
