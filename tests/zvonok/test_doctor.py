"""`zvonok doctor`: what it finds well, and what it says to mend."""

import asyncio
import re
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.zvonok.running_demo import DEADLINE, inherited
from tests.zvonok.test_config import write_certificate
from zvonok.config import Config
from zvonok.doctor_checks import Finding, all_well, certificate, clock, data_directory, database, ports
from zvonok.loading import load

# Nothing listens there; beyond the loopback, a firewall might answer for everybody.
ROUTER = "127.0.0.2"
FREE_PORTS = "[http]\nport = 0\n[media]\nport = 0\n[metrics]\nsignaling_port = 0\nsfu_port = 0\n"


def configured(folder: Path, text: str = "") -> Config:
    file = folder / "zvonok.toml"
    file.write_text(text or FREE_PORTS)
    return load(file, {})


async def doctor(file: Path) -> tuple[int, list[str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "zvonok", "doctor", "--config", str(file)),
        stdout=asyncio.subprocess.PIPE,
        env=inherited(),
    )
    async with asyncio.timeout(DEADLINE):
        said, _ = await process.communicate()
        return await process.wait(), said.decode().splitlines()


async def test_finds_a_sound_installation_well_with_a_real_media_path(tmp_path: Path) -> None:
    configured(tmp_path)
    code, lines = await doctor(tmp_path / "zvonok.toml")
    assert (code, [line for line in lines if not line.startswith("✓ ")]) == (0, [])
    said = r"sound and pictures get through, the first after \d+\.\d s; the node answers over TCP too"
    assert any(re.search(said, line) for line in lines)


async def test_an_installation_behind_a_router_is_sound_though_the_router_does_not_pass_the_tests_ports(
    tmp_path: Path,
) -> None:
    configured(tmp_path, FREE_PORTS.replace("[media]\n", f'[media]\nannounce = ["{ROUTER}"]\n'))
    code, lines = await doctor(tmp_path / "zvonok.toml")
    assert (code, [line for line in lines if not line.startswith("✓ ")]) == (0, [])


async def test_says_what_to_mend_and_ends_with_1(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        configured(tmp_path, FREE_PORTS.replace("port = 0", f"port = {port}", 1))
        code, lines = await doctor(tmp_path / "zvonok.toml")
    assert code == 1
    wrong = next(number for number, line in enumerate(lines) if line.startswith("✗"))
    assert str(port) in lines[wrong]
    assert "http.port" in lines[wrong + 1]


async def test_a_wrong_configuration_is_a_finding_too(tmp_path: Path) -> None:
    file = tmp_path / "zvonok.toml"
    await asyncio.to_thread(file.write_text, "[http]\nprot = 1")
    code, lines = await doctor(file)
    assert code == 1
    assert lines[0].startswith("✗ configuration: ")
    assert "http.prot" in lines[0]
    assert lines[1].startswith("  → ")


class TestPorts:
    def test_that_are_free_are_well(self, tmp_path: Path) -> None:
        found = ports(configured(tmp_path, "[http]\nport = 28080\n[media]\nport = 28081\n"))
        assert len(found) == 4

    def test_of_a_stranger_are_named_with_their_key(self, tmp_path: Path) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            found = ports(configured(tmp_path, FREE_PORTS.replace("[media]\nport = 0", f"[media]\nport = {port}")))
        assert [finding.well for finding in found] == [False]
        assert "media.port" in found[0].mend

    def test_of_media_have_to_be_free_over_tcp_too(self, tmp_path: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            found = ports(configured(tmp_path, FREE_PORTS.replace("[media]\nport = 0", f"[media]\nport = {port}")))
        assert [finding.well for finding in found] == [False]


class TestDatabase:
    async def test_that_is_not_there_yet_is_well_and_is_not_made(self, tmp_path: Path) -> None:
        assert (await database(configured(tmp_path))).well
        assert not await asyncio.to_thread((tmp_path / "data" / "zvonok.sqlite3").exists)

    async def test_that_is_none_is_to_be_mended(self, tmp_path: Path) -> None:
        config = configured(tmp_path)
        await asyncio.to_thread((tmp_path / "data" / "zvonok.sqlite3").write_bytes, b"nonsense" * 1000)
        assert "backup" in (await database(config)).mend


class TestCertificate:
    day = timedelta(days=1)
    made = datetime(2026, 1, 1, tzinfo=UTC)

    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        pem, key = write_certificate(tmp_path, "school.example")
        return configured(tmp_path, f'[http]\ntls_certificate = "{pem}"\ntls_key = "{key}"\n')

    def test_is_well_while_it_is_valid(self, config: Config) -> None:
        assert certificate(config, self.made + self.day).well

    def test_is_renewed_after_its_end_and_not_valid_before_its_beginning(self, config: Config) -> None:
        assert "renew" in certificate(config, self.made + 3650 * self.day).mend
        assert "clock" in certificate(config, self.made - self.day).mend

    def test_is_not_needed_on_loopback(self, tmp_path: Path) -> None:
        assert certificate(configured(tmp_path), self.made).well


def test_a_clock_before_the_installation_is_wrong() -> None:
    assert not clock(datetime(2020, 1, 1, tzinfo=UTC)).well
    assert clock(datetime(2100, 1, 1, tzinfo=UTC)).well


def test_the_data_directory_has_room(tmp_path: Path) -> None:
    assert data_directory(configured(tmp_path)).well


def test_one_bad_finding_is_enough() -> None:
    assert all_well([Finding("a"), Finding("b")])
    assert not all_well([Finding("a"), Finding("b", "do this")])
