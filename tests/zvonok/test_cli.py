"""The command line: arguments, exit codes, one line for each failure."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from zvonok.cli import main

LOOPBACK = "127.0.0.1"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_help_lists_the_commands_for_people_and_the_exit_codes() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert all(word in result.stdout for word in ("serve", "demo", "doctor", "Exit codes", "  2  "))
    assert "run-sfu" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["serve", "--nonsense"],
        ["serve", "extra"],
        ["serve", "--config"],
        ["serve", "--config", "/"],
        ["demo", "--port", "65536"],
        ["demo", "--port", "-1"],
        ["demo", "--port", "http"],
        ["demo", "--media-port", "1e3"],
        ["demo", "--open", "perhaps"],
        ["run-sfu", "--parent", "x"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_end_with_2(arguments: list[str]) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert result.stdout == ""


def test_a_port_in_use_ends_the_demo_with_1_and_names_it(taken_port: int) -> None:
    result = CliRunner().invoke(main, ["demo", "--json", "--port", str(taken_port)])
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert str(taken_port) in line


def test_a_media_port_in_use_ends_the_demo_with_1_and_names_it() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind((LOOPBACK, 0))
        port = holder.getsockname()[1]
        result = CliRunner().invoke(main, ["demo", "--json", "--port", "0", "--media-port", str(port)])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert str(port) in line


def test_a_port_in_use_ends_the_server_with_1_and_names_the_key(tmp_path: Path, taken_port: int) -> None:
    file = tmp_path / "zvonok.toml"
    file.write_text(f"[http]\nport = {taken_port}\n[media]\nport = 0\n[metrics]\nsignaling_port = 0\nsfu_port = 0\n")
    result = CliRunner().invoke(main, ["serve", "--config", str(file)])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert "http.port" in line


def test_a_database_that_is_none_ends_the_demo_with_1_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "demo.sqlite3").write_bytes(b"this is no database " * 100)
    result = CliRunner().invoke(main, ["demo", "--json", "--port", "0", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("zvonok: database: ")


def test_a_data_directory_that_cannot_be_ends_the_demo_with_2(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(main, ["demo", "--json", "--port", "0", "--data", str(tmp_path / "file" / "data")])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert "data.dir" in line
