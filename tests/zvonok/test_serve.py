"""`zvonok serve` as an administrator runs it: a configuration, TLS, metrics on loopback, no demo."""

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

import aiohttp

from tests.zvonok.running_demo import DEADLINE, gone, inherited, next_logged
from tests.zvonok.test_config import write_certificate

CONFIG = """\
[school]
name = "Лицей № 1"
zone = "Asia/Omsk"
[http]
port = 0
tls_certificate = "localhost.pem"
tls_key = "localhost.key"
[media]
port = 0
[metrics]
signaling_port = 0
sfu_port = 0
"""


async def test_a_configured_school_is_served_by_tls_with_metrics_and_without_demo(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    await asyncio.to_thread((tmp_path / "zvonok.toml").write_text, CONFIG)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zvonok", "serve", "--config", str(tmp_path / "zvonok.toml")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=inherited(),
    )
    assert process.stderr is not None
    serving = await next_logged(process.stderr, "serving", process="supervisor")
    await look_around(serving)
    process.terminate()
    async with asyncio.timeout(DEADLINE):
        said, _ = await process.communicate()
    assert (process.returncode, said) == (0, b"")
    for pid in serving["pids"].values():
        await gone(pid)
    database = sqlite3.connect(tmp_path / "data" / "zvonok.sqlite3")
    assert database.execute("SELECT name, zone FROM schools").fetchall() == [("Лицей № 1", "Asia/Omsk")]
    database.close()


async def look_around(serving: dict[str, Any]) -> None:
    url = serving["url"]
    assert url.startswith("https://localhost:")
    async with aiohttp.ClientSession() as session:
        for path, status in (("/healthz", 200), ("/api/demo/people", 404), ("/demo/sign-in/anybody", 404)):
            async with session.get(url + path, ssl=False, allow_redirects=False) as response:
                assert response.status == status
        for key, metric in (("signaling_metrics_port", "zvonok_rooms"), ("sfu_metrics_port", "zvonok_sfu_rooms")):
            async with session.get(f"http://127.0.0.1:{serving[key]}/metrics") as response:
                assert metric in await response.text()
