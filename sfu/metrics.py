"""Prometheus metrics of the node on a loopback port: totals of the packet path, and what the rooms count.
`node.py` gives it both; values are read when a scrape comes. No ids, names or addresses appear as labels.
"""

from collections.abc import Callable, Iterator

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from sfu.rooms import Rooms


class NodeCollector(Collector):
    def __init__(self, rooms: Rooms, path_counters: Callable[[], dict[str, int]]) -> None:
        self._rooms = rooms
        self._path_counters = path_counters

    @override
    def collect(self) -> Iterator[Metric]:
        tally = self._rooms.tally
        gauges = {
            "zvonok_sfu_rooms": ("Rooms of this node.", len(self._rooms.rooms)),
            "zvonok_sfu_peers": ("Peers of this node.", self._rooms.peer_count()),
            "zvonok_sfu_waiting_peers": ("Peers whose handshake is not done.", self._rooms.waiting_peers()),
        }
        counters = {
            "zvonok_sfu_offers_answered": ("Offers that were answered.", tally.offers_answered),
            "zvonok_sfu_offers_refused": ("Offers that were refused.", tally.offers_refused),
            "zvonok_sfu_handshakes_completed": ("DTLS handshakes that gave keys.", tally.handshakes_completed),
            "zvonok_sfu_transports_failed": ("Peers that failed or fell silent for good.", tally.transports_failed),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(name, text, value=value)
        for name, (text, value) in counters.items():
            yield CounterMetricFamily(name, text, value=value)
        for name, value in self._path_counters().items():
            yield CounterMetricFamily(f"zvonok_packetpath_{name}", "Total of the packet path.", value=value)


class MetricsServer:
    def __init__(self, host: str, port: int, collector: NodeCollector) -> None:
        self._address = (host, port)
        self._registry = CollectorRegistry()
        self._registry.register(collector)
        app = web.Application()
        app.router.add_get("/metrics", self._scrape)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self) -> None:
        """Raises OSError when the port is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, *self._address).start()

    @property
    def port(self) -> int:
        """The port in use, once it serves."""
        _, port, *_ = self._runner.addresses[0]
        return int(port)

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _scrape(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._registry), content_type="text/plain", charset="utf-8")
