"""`zvonok demo` as a tool sees it: one line, processes that come back, nothing that stays behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.zvonok.running_demo import DEADLINE, Demo, gone, inherited


@pytest.fixture(scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """One that the tests only look at."""
    started = await Demo.start(tmp_path_factory.mktemp("demo"))
    yield started
    await started.stop()


@pytest.fixture
async def own_demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """One that the test may harm."""
    started = await Demo.start(tmp_path)
    yield started
    if started.process.returncode is None:
        await started.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class TestTheLine:
    def test_says_what_the_protocol_promises_and_nothing_else(self, demo: Demo) -> None:
        assert set(demo.facts) == {"url", "media_port", "pids", "people", "lesson_url", "meeting_url"}
        assert set(demo.pids) == {"supervisor", "signaling", "sfu"}
        assert demo.pids["supervisor"] == demo.process.pid
        assert demo.facts["url"].startswith("http://localhost:")
        for room in ("lesson_url", "meeting_url"):
            assert demo.facts[room].startswith(f"{demo.url}/lessons/")
        assert demo.facts["lesson_url"] != demo.facts["meeting_url"]
        assert isinstance(demo.facts["media_port"], int)

    def test_lists_the_people_by_role_and_class(self, demo: Demo) -> None:
        assert all(set(person) == {"id", "role", "name", "class", "login_url"} for person in demo.facts["people"])
        assert [(person["role"], person["class"]) for person in demo.facts["people"]] == [
            ("administrator", None),
            ("director", None),
            ("deputy", None),
            ("class_teacher", "5А"),
            ("teacher", None),
            *[("pupil", "5А")] * 10,
            ("pupil", "5Б"),
            ("parent", "5А"),
            ("parent", "5А"),
            ("parent", "5Б"),
        ]

    async def test_is_printed_when_everything_is_up(self, demo: Demo, http: aiohttp.ClientSession) -> None:
        async with http.get(f"{demo.url}/healthz") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok", "failed": []})

    async def test_a_login_url_signs_in_again_and_again_and_leads_home(self, demo: Demo) -> None:
        teacher = demo.person("teacher")
        for _ in range(2):
            async with (
                aiohttp.ClientSession() as browser,
                browser.get(teacher["login_url"], allow_redirects=False) as response,
            ):
                assert (response.status, response.headers["Location"]) == (302, "/")
                assert response.headers["Set-Cookie"]

    def test_processes_are_those_of_the_line(self, demo: Demo) -> None:
        for name in ("signaling", "sfu"):
            assert f"run-{name}" in Path(f"/proc/{demo.pids[name]}/cmdline").read_text().split("\0")


class TestWhenAPartDies:
    async def test_it_is_back_at_once_on_its_port(self, own_demo: Demo, http: aiohttp.ClientSession) -> None:
        for name in ("sfu", "signaling"):
            os.kill(own_demo.pids[name], signal.SIGKILL)
            assert (await own_demo.logged("process_died", program=name))["restart_in_s"] == 0
            assert (await own_demo.logged("process_started", program=name))["pid"] != own_demo.pids[name]
            await own_demo.logged("media_node_ready", node=f"sfu-{own_demo.facts['media_port']}")
            async with asyncio.timeout(DEADLINE):
                while not await self._up(own_demo, http):
                    continue
        assert own_demo.process.returncode is None

    async def test_a_media_node_that_stood_by_takes_its_place(self, own_demo: Demo) -> None:
        spare = (await own_demo.logged("spare_started", program="sfu"))["pid"]
        os.kill(own_demo.pids["sfu"], signal.SIGKILL)
        assert (await own_demo.logged("process_started", program="sfu"))["pid"] == spare
        await own_demo.logged("media_node_ready", node=f"sfu-{own_demo.facts['media_port']}")

    @staticmethod
    async def _up(demo: Demo, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"{demo.url}/healthz") as response:
                return response.status == 200
        except aiohttp.ClientConnectionError:
            return False


class TestTheEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    async def test_leaves_no_process_no_file_and_no_further_output(
        self, tmp_path: Path, number: signal.Signals
    ) -> None:
        demo = await Demo.start(tmp_path)
        demo.process.send_signal(number)
        assert await demo.ended() == (0, b"")
        for pid in demo.pids.values():
            await gone(pid)
        assert os.listdir(tmp_path) == []

    async def test_of_the_supervisor_by_force_is_the_end_of_all(self, own_demo: Demo) -> None:
        own_demo.process.kill()
        await own_demo.process.wait()
        for pid in own_demo.pids.values():
            await gone(pid)


class TestTheData:
    async def test_stay_where_the_caller_named_a_place_apart_from_other_schools(
        self, tmp_path: Path, demo: Demo
    ) -> None:
        seen = []
        for _ in range(2):
            kept = await Demo.start(tmp_path, "--port", "0", "--data", str(tmp_path / "kept"))
            seen.append((kept.facts["lesson_url"].rpartition("/")[2], [one["id"] for one in kept.facts["people"]]))
            assert (kept.url, kept.facts["media_port"]) != (demo.url, demo.facts["media_port"])
            await kept.stop()
        assert seen[0] == seen[1]
        assert set(seen[0][1]).isdisjoint(person["id"] for person in demo.facts["people"])


async def test_without_json_it_says_in_words_where_to_look(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zvonok", "demo", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**inherited(), "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    async with asyncio.timeout(DEADLINE):
        words = (await process.stdout.readuntil(b"Ctrl-C")).decode()
        process.terminate()
        await process.communicate()
    assert "http://localhost:" in words
    assert "Марина Сергеевна Орлова" in words
    assert "Егор Зайцев" in words
    assert words.count("/lessons/") == 2
