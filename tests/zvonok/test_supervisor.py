"""The supervisor with real small processes: each connects to a socket of the test and says who it is."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from zvonok.supervisor import FIRST_DELAYS, HEALTHY_AFTER, LONGEST_DELAY, Backoff, Keeper, Program, Supervisor

DEADLINE = 20.0

REPORT = "import os, signal, socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
SAY = "s.sendall(f'{sys.argv[2]} {os.getpid()}\\n'.encode()); "
STAY = REPORT + SAY + "signal.pause()"
STUBBORN = REPORT + "signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SAY + "\nwhile True: signal.pause()"
ENDS_AT_ONCE = REPORT + SAY
WAITS = (
    REPORT
    + "from zvonok.spare import wait_for_word; "
    + "s.sendall(f'{sys.argv[2]}-stands-by {os.getpid()}\\n'.encode()); wait_for_word(); s.close(); "
    + "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
    + SAY
    + "signal.pause()"
)
TIED = (
    "import os, sys; from zvonok.parent import end_with; end_with(int(sys.argv[3])); " + STAY
)  # one line, so that the tie comes first
SUPERVISES = """
import asyncio, os, sys
from zvonok.supervisor import Program, Supervisor
command = (sys.executable, "-c", sys.argv[2], sys.argv[1], "tied", str(os.getpid()))
asyncio.run(Supervisor([Program("tied", command, dict(os.environ))]).run())
"""


class Caller:
    """One process that reported; its line is closed when it is gone."""

    def __init__(self, name: str, pid: int) -> None:
        self.name, self.pid = name, pid
        self.closed = asyncio.Event()

    async def gone(self) -> None:
        async with asyncio.timeout(DEADLINE):
            await self.closed.wait()


class RollCall:
    """The socket to which the test's processes report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._callers: asyncio.Queue[Caller] = asyncio.Queue()

    def program(self, name: str, script: str, *, waits: bool = False) -> Program:
        command = (sys.executable, "-c", script, str(self.path), name)
        return Program(name, command, dict(os.environ), waits)  # noqa: TID251 - for the children

    async def next(self) -> Caller:
        async with asyncio.timeout(DEADLINE):
            return await self._callers.get()

    async def heard(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name, pid = (await reader.readline()).decode().split()
        caller = Caller(name, int(pid))
        self._callers.put_nowait(caller)
        await reader.read()
        caller.closed.set()
        writer.close()


@pytest.fixture
async def roll_call(tmp_path: Path) -> AsyncIterator[RollCall]:
    call = RollCall(tmp_path / "roll-call")
    server = await asyncio.start_unix_server(call.heard, call.path)
    yield call
    server.close()
    await server.wait_closed()


@asynccontextmanager
async def running(keeper: Keeper) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(keeper.run())
        yield
        await keeper.close()


class TestBackoff:
    def test_starts_again_at_once_and_then_later_and_later(self) -> None:
        backoff = Backoff()
        delays = [backoff.delay_after(0.1) for _ in range(len(FIRST_DELAYS) + 2)]
        assert delays == [*FIRST_DELAYS, LONGEST_DELAY, LONGEST_DELAY]
        assert delays[0] == 0
        assert delays == sorted(delays)

    def test_forgets_early_deaths_once_the_process_lived(self) -> None:
        backoff = Backoff()
        for _ in range(10):
            backoff.delay_after(0.1)
        assert backoff.delay_after(HEALTHY_AFTER) == 0
        assert backoff.delay_after(0.1) == FIRST_DELAYS[1]


class TestKeeping:
    async def test_starts_the_program_and_knows_its_pid(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", STAY))
        async with running(keeper):
            caller = await roll_call.next()
            assert (caller.name, caller.pid) == ("one", keeper.pid)
        await caller.gone()

    async def test_starts_a_killed_one_again(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", STAY))
        async with running(keeper):
            first = await roll_call.next()
            os.kill(first.pid, signal.SIGKILL)
            second = await roll_call.next()
            assert second.pid == keeper.pid != first.pid
            assert (keeper.starts, keeper.exit_code) == (2, -signal.SIGKILL)

    async def test_starts_one_again_that_ends_by_itself(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", ENDS_AT_ONCE))
        async with running(keeper):
            assert (await roll_call.next()).pid != (await roll_call.next()).pid
            assert keeper.exit_code == 0

    async def test_does_not_wait_for_a_restart_when_it_is_told_to_end(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", ENDS_AT_ONCE))
        clock = asyncio.get_running_loop().time
        async with running(keeper):
            for _ in range(3):
                await roll_call.next()
            told = clock()
        assert clock() - told < LONGEST_DELAY

    async def test_kills_one_that_does_not_end_by_itself(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", STUBBORN), grace=0.1)
        async with running(keeper):
            caller = await roll_call.next()
        await caller.gone()

    async def test_ends_the_program_when_it_is_cancelled_itself(self, roll_call: RollCall) -> None:
        callers: list[Caller] = []

        async def fail_beside_it() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(Keeper(roll_call.program("one", STAY)).run())
                callers.append(await roll_call.next())
                raise RuntimeError("something else went wrong")

        with pytest.raises(ExceptionGroup):
            await fail_beside_it()
        await callers[0].gone()


class TestStandingBy:
    """«one-stands-by» says who is ready but has not begun, «one» who has begun."""

    async def test_the_first_one_begins_at_once(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", WAITS, waits=True))
        async with running(keeper):
            callers = [await roll_call.next(), await roll_call.next()]
            assert [(caller.name, caller.pid) for caller in callers] == [
                ("one-stands-by", keeper.pid),
                ("one", keeper.pid),
            ]

    async def test_a_spare_waits_and_takes_over_when_the_active_one_dies(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", WAITS, waits=True), stand_by_delay=0.0)
        assert keeper.stand_by is not None
        async with running(keeper):
            callers = [await roll_call.next() for _ in range(3)]
            spare = next(c for c in callers if c.name == "one-stands-by" and c.pid != keeper.pid)
            assert spare.pid == keeper.stand_by.pid
            assert [caller.pid for caller in callers if caller.name == "one"] == [keeper.pid]
            os.kill(keeper.pid, signal.SIGKILL)
            later = [await roll_call.next(), await roll_call.next()]
            assert [caller.pid for caller in later if caller.name == "one"] == [spare.pid]
            assert (keeper.pid, keeper.starts) == (spare.pid, 2)
            assert [caller.pid for caller in later if caller.name == "one-stands-by"] == [keeper.stand_by.pid]

    async def test_without_a_spare_that_is_ready_one_is_started(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", WAITS, waits=True), stand_by_delay=DEADLINE)
        async with running(keeper):
            first = [await roll_call.next(), await roll_call.next()][-1]
            os.kill(first.pid, signal.SIGKILL)
            second = [await roll_call.next(), await roll_call.next()][-1]
            assert (second.name, second.pid) == ("one", keeper.pid)
            assert second.pid != first.pid

    async def test_a_spare_that_dies_is_replaced_and_the_active_one_stays(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", WAITS, waits=True), stand_by_delay=0.0)
        async with running(keeper):
            spare = await self._spare(roll_call, keeper)
            active = keeper.pid
            os.kill(spare.pid, signal.SIGKILL)
            assert (await self._spare(roll_call, keeper)).pid != spare.pid
            assert (keeper.pid, keeper.starts) == (active, 1)

    async def test_the_spare_ends_with_its_keeper(self, roll_call: RollCall) -> None:
        keeper = Keeper(roll_call.program("one", WAITS, waits=True), stand_by_delay=0.0)
        async with running(keeper):
            spare = await self._spare(roll_call, keeper)
        await spare.gone()

    async def test_the_spare_ends_when_nobody_is_left_to_say_the_word(self, roll_call: RollCall) -> None:
        program = roll_call.program("one", WAITS, waits=True)
        orphan = await asyncio.create_subprocess_exec(*program.command, stdin=asyncio.subprocess.PIPE)
        assert (await roll_call.next()).pid == orphan.pid
        assert orphan.stdin is not None
        orphan.stdin.close()
        async with asyncio.timeout(DEADLINE):
            assert await orphan.wait() == 0

    @staticmethod
    async def _spare(roll_call: RollCall, keeper: Keeper) -> Caller:
        while True:
            caller = await roll_call.next()
            if keeper.stand_by is not None and caller.pid == keeper.stand_by.pid:
                return caller


class TestSupervisor:
    async def test_runs_all_programs_and_leaves_none_behind(self, roll_call: RollCall) -> None:
        supervisor = Supervisor([roll_call.program(name, STAY) for name in ("sfu", "signaling")])
        async with asyncio.TaskGroup() as group:
            group.create_task(supervisor.run())
            callers = [await roll_call.next(), await roll_call.next()]
            assert {caller.name: caller.pid for caller in callers} == supervisor.pids
            supervisor.close()
        for caller in callers:
            await caller.gone()

    async def test_a_death_of_one_does_not_touch_the_other(self, roll_call: RollCall) -> None:
        supervisor = Supervisor([roll_call.program(name, STAY) for name in ("sfu", "signaling")])
        async with asyncio.TaskGroup() as group:
            group.create_task(supervisor.run())
            callers = {caller.name: caller for caller in (await roll_call.next(), await roll_call.next())}
            os.kill(callers["sfu"].pid, signal.SIGKILL)
            assert (await roll_call.next()).name == "sfu"
            assert supervisor.pids["signaling"] == callers["signaling"].pid
            assert supervisor.keepers["signaling"].starts == 1
            supervisor.close()

    async def test_what_it_started_ends_also_when_it_is_killed(self, roll_call: RollCall) -> None:
        supervisor = await asyncio.create_subprocess_exec(sys.executable, "-c", SUPERVISES, str(roll_call.path), TIED)
        caller = await roll_call.next()
        supervisor.kill()
        await supervisor.wait()
        await caller.gone()

    async def test_a_child_whose_supervisor_is_gone_already_does_not_begin(self, roll_call: RollCall) -> None:
        orphan = await asyncio.create_subprocess_exec(sys.executable, "-c", TIED, str(roll_call.path), "orphan", "1")
        async with asyncio.timeout(DEADLINE):
            assert await orphan.wait() == 0
