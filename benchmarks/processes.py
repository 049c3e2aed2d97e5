"""What a benchmark starts: a demo school, a bare media node, the load generator; and what it reads about them in /proc.

The server gets one core and the generator another, so that the one's work is not the other's delay.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

ROOT = Path(__file__).resolve().parent.parent
SERVER_CORE, LOAD_CORE = 0, 1
STOP_SECONDS = 15
ZVONOK = (sys.executable, "-m", "zvonok")

NODE_CONFIG = """
[media]
port = 0
addresses = ["127.0.0.1"]
[control]
socket = "{socket}"
[metrics]
sfu_port = 0
signaling_port = 0
[data]
dir = "{folder}"
[log]
level = "warning"
"""


class DemoPerson(msgspec.Struct, frozen=True):
    id: str
    role: str
    name: str
    login_url: str
    class_name: str | None = msgspec.field(name="class")


class DemoSchool(msgspec.Struct, frozen=True):
    """The JSON line of `zvonok demo --json`."""

    url: str
    media_port: int
    pids: dict[str, int]
    people: list[DemoPerson]
    lesson_url: str


@dataclass(frozen=True)
class Node:
    pid: int
    socket: Path


@contextmanager
def demo_school(data: Path | None = None, core: int | None = SERVER_CORE) -> Iterator[tuple[DemoSchool, Path]]:
    """A demo school that serves, and a file with its JSON line."""
    where = ["--data", str(data)] if data is not None else []
    command = [*_on_core(core), *ZVONOK, "demo", "--json", "--port", "0", *where]
    with tempfile.TemporaryDirectory() as folder, _running(command) as process:
        line = _stdout(process).readline()
        file = Path(folder) / "demo.json"
        file.write_text(line, encoding="utf-8")
        yield msgspec.json.decode(line, type=DemoSchool), file


@contextmanager
def media_node() -> Iterator[Node]:
    """A media node without signaling, which waits at its control socket."""
    with tempfile.TemporaryDirectory() as folder:
        socket, config = Path(folder) / "control.sock", Path(folder) / "node.toml"
        config.write_text(NODE_CONFIG.format(socket=socket, folder=folder), encoding="utf-8")
        command = [*_on_core(SERVER_CORE), *ZVONOK, "run-sfu", "--config", str(config)]
        with _running(command) as process:
            _wait_until(socket.exists, process)
            yield Node(process.pid, socket)


class Load:
    """A run of the generator. `at` waits for a line on its stderr, `result` gives what it printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def at(self, marker: str) -> None:
        said = []
        for line in self._process.stderr or ():
            if line.strip() == marker:
                return
            said.append(line)
        raise RuntimeError(f"the generator ended before «{marker}»: {''.join(said)}")

    def report(self) -> dict[str, Any]:
        """What a run with `--hold` prints before it holds."""
        return self._answer()

    def ask(self, command: str) -> dict[str, Any]:
        """Of a lesson with `--hold`, after its `report`."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        line = _stdout(self._process).readline()
        if not line:
            raise RuntimeError(f"the generator failed: {self._process.stderr and self._process.stderr.read()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def complaints(self) -> str:
        """What it said on stderr, once it has ended."""
        return self._process.stderr.read() if self._process.stderr else ""

    def release(self) -> None:
        """Ends a run with `--hold`."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def result(self) -> dict[str, Any]:
        """The last line, when the generator has ended."""
        lines = _stdout(self._process).read().splitlines()
        if self._process.wait(STOP_SECONDS) != 0 or not lines:
            raise RuntimeError(f"the generator failed: {self._process.stderr and self._process.stderr.read()}")
        answer: dict[str, Any] = json.loads(lines[-1])
        return answer


@contextmanager
def load(*arguments: str, core: int | None = LOAD_CORE) -> Iterator[Load]:
    pinned = [] if core is None else ["--core", str(core)]
    with _running([str(generator()), *pinned, *arguments], stderr=subprocess.PIPE) as process:
        yield Load(process)


def measure_load(*arguments: str, core: int | None = LOAD_CORE) -> dict[str, Any]:
    with load(*arguments, core=core) as run:
        return run.result()


def generator() -> Path:
    folder = ROOT / "benchmarks/load"
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=folder, check=True)
    return folder / "target/release/zvonok-load"


def _on_core(core: int | None) -> Sequence[str]:
    return () if core is None else ("taskset", "--cpu-list", str(core))


@contextmanager
def _running(command: Sequence[str], stderr: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stdout(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _wait_until(is_there: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not is_there():
        try:
            raise RuntimeError(f"the process ended with {process.wait(0.05)}")
        except subprocess.TimeoutExpired:
            continue


# ── /proc ──


def active_pid(supervisor: int, name: str) -> int:
    """Of the supervisor's children of this name, the one that serves: a spare was started later."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    of_name = [int(pid) for pid in children if f"run-{name}" in Path(f"/proc/{pid}/cmdline").read_text().split("\0")]
    return min(of_name, key=_started_at)


def _started_at(pid: int) -> int:
    """In clock ticks; the name before it may hold anything but a closing parenthesis behind it."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])


def cpu_seconds(pid: int) -> Mapping[str, float]:
    """CPU time of each thread so far, by the thread's name; threads of one name together."""
    return _schedstat(pid, 0)


def wait_seconds(pid: int) -> Mapping[str, float]:
    """The same of the time in which a thread could have run but others had its core."""
    return _schedstat(pid, 1)


def _schedstat(pid: int, field: int) -> Mapping[str, float]:
    seconds: dict[str, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        nanoseconds = int((task / "schedstat").read_text().split()[field])
        seconds[name] = seconds.get(name, 0.0) + nanoseconds / 1e9
    return seconds


def memory_mib(pid: int) -> tuple[float, float]:
    """Resident and proportional set size."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines[1:]}
    return kilobytes["Rss"] / 1024, kilobytes["Pss"] / 1024
