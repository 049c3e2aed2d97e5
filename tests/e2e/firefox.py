"""Firefox ESR through WebDriver BiDi over aiohttp: stock Firefox, no driver program.

Each tab has a user context of its own, as a private window has: one browser window holds one person.
"""

import asyncio
import base64
import itertools
import json
import shutil
import socket
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any, Self

import aiohttp

from tests.e2e.browsers import Camera, executable

PREFERENCES: dict[str, bool | int | str] = {
    "media.navigator.permission.disabled": True,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.gmp-manager.updateEnabled": False,
    "dom.min_background_timeout_value": 4,
    "dom.timeout.enable_budget_timer_throttling": False,
    "widget.windows.window_occlusion_tracking.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.aboutwelcome.enabled": False,
    "intl.accept_languages": "ru",
}
START_S = 30.0
# As WebDriver names the keys that write nothing.
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c"}


class BidiError(RuntimeError):
    pass


class BidiConnection:
    """Commands and answers over one WebSocket; of the events, errors of the pages are kept."""

    def __init__(self, http: aiohttp.ClientSession, socket_: aiohttp.ClientWebSocketResponse) -> None:
        self._http = http
        self._socket = socket_
        self.in_front: str | None = None
        self.errors: dict[str, list[str]] = defaultdict(list)
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._reader = asyncio.create_task(self._read())  # noqa: TID251 - ends in close()

    async def _read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            if message.get("method") == "log.entryAdded":
                self._logged(message["params"])
            waiting = self._waiting.pop(message.get("id", -1), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)

    def _logged(self, entry: dict[str, Any]) -> None:
        if entry["type"] == "javascript" and entry["level"] == "error":
            self.errors[entry["source"].get("context", "")].append(str(entry.get("text")))

    async def command(self, method: str, **params: object) -> dict[str, Any]:
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        message = await asyncio.wait_for(answer, 60)
        if message.get("type") == "error":
            raise BidiError(f"{method}: {message.get('message')}")
        result: dict[str, Any] = message["result"]
        return result

    async def close(self) -> None:
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._socket.close()
        await self._http.close()


class FirefoxTab:
    def __init__(self, connection: BidiConnection, context: str, user_context: str) -> None:
        self._connection = connection
        self._context = context
        self._user_context = user_context
        self.errors = connection.errors[context]

    async def goto(self, url: str) -> None:
        await self._connection.command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON from the page
        result = await self._connection.command(
            "script.callFunction",
            functionDeclaration=f"async () => JSON.stringify(await ({expression})) ?? 'null'",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        if result["type"] == "exception":
            raise BidiError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    async def key(self, name: str) -> None:
        value = KEYS.get(name, name)
        if self._connection.in_front != self._context:
            # A press means nothing to a window in the background.
            await self._connection.command("browsingContext.activate", context=self._context)
            self._connection.in_front = self._context
        strokes = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": strokes}
        await self._connection.command("input.performActions", context=self._context, actions=[source])

    async def screenshot(self, path: Path) -> None:
        shot = await self._connection.command("browsingContext.captureScreenshot", context=self._context)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(shot["data"]))

    async def close(self) -> None:
        await self._connection.command("browser.removeUserContext", userContext=self._user_context)


class Firefox:
    def __init__(self, process: asyncio.subprocess.Process, profile: Path, connection: BidiConnection) -> None:
        self._process = process
        self._profile = profile
        self._connection = connection

    @classmethod
    async def start(cls, path: str | None = None, http: aiohttp.ClientSession | None = None) -> Self:
        """`path`: of a program that starts Firefox in another way than usual; `http`: a client that reaches it."""
        path = path or executable("firefox-esr")
        profile = _profile()
        port = _free_port()
        process = await asyncio.create_subprocess_exec(
            path, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        http = http or aiohttp.ClientSession()
        connection = BidiConnection(http, await _connect(http, f"ws://127.0.0.1:{port}/session"))
        await connection.command("session.new", capabilities={})
        await connection.command("session.subscribe", events=["log.entryAdded"])
        return cls(process, profile, connection)

    async def tab(self, camera: Camera, *, width: int = 1366, height: int = 768) -> FirefoxTab:
        user_context = (await self._connection.command("browser.createUserContext"))["userContext"]
        created = await self._connection.command("browsingContext.create", type="window", userContext=user_context)
        context = created["context"]
        await self._connection.command(
            "script.addPreloadScript", functionDeclaration=f"() => {{ {camera.script()} }}", contexts=[context]
        )
        size = {"width": width, "height": height}
        await self._connection.command("browsingContext.setViewport", context=context, viewport=size)
        return FirefoxTab(self._connection, context, user_context)

    async def close(self) -> None:
        await self._connection.close()
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)


def _profile() -> Path:
    profile = Path(tempfile.mkdtemp(prefix="zvonok-firefox-"))
    lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    return profile


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _connect(http: aiohttp.ClientSession, url: str) -> aiohttp.ClientWebSocketResponse:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + START_S
    while True:
        try:
            return await http.ws_connect(url, max_msg_size=0)
        except aiohttp.ClientError:
            if loop.time() > deadline:
                raise
            await asyncio.sleep(0.1)
