"""Writing down what a room remembers: the latest state wins, one write at a time, nobody waits for a dead database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from typing_extensions import override

from signaling.live import keeper
from signaling.live.keeper import Keeper, StateRow
from signaling.metrics import Metrics

DEADLINE = 5.0


class DatabaseAway(Exception):
    pass


@dataclass
class Row(StateRow):
    """A row that can be slow (`open_gate` is cleared) or away."""

    kept: list[str] = field(default_factory=list)
    forgotten: bool = False
    away: bool = False
    begun: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    writing: int = 0
    most_at_once: int = 0
    open_gate: asyncio.Event = field(default_factory=asyncio.Event)

    @override
    async def keep(self, text: str) -> None:
        self.begun.put_nowait(None)
        self.writing += 1
        self.most_at_once = max(self.most_at_once, self.writing)
        try:
            await self.open_gate.wait()
            if self.away:
                raise DatabaseAway
            self.kept.append(text)
        finally:
            self.writing -= 1

    @override
    async def forget(self) -> None:
        if self.away:
            raise DatabaseAway
        self.forgotten = True


@dataclass
class Desk:
    row: Row
    keeper: Keeper
    metrics: Metrics
    group: asyncio.TaskGroup
    state: str = "empty"

    @property
    def faults(self) -> float:
        return self.metrics.registry.get_sample_value("zvonok_faults_total", {"part": "keeper"}) or 0.0


@asynccontextmanager
async def a_desk() -> AsyncIterator[Desk]:
    row, metrics = Row(), Metrics()
    row.open_gate.set()
    async with asyncio.timeout(DEADLINE), asyncio.TaskGroup() as group:
        desk = Desk(row, Keeper(lambda: desk.state, row, metrics), metrics, group)
        running = group.create_task(desk.keeper.run())
        yield desk
        row.open_gate.set()
        desk.keeper.close()
        await running


async def test_what_is_kept_now_is_written_when_the_call_returns() -> None:
    async with a_desk() as desk:
        desk.state = "muted"
        await desk.keeper.now()
        assert desk.row.kept == ["muted"]


async def test_changes_that_come_together_are_one_write_of_the_last_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "SOON_SECONDS", 0.05)
    async with a_desk() as desk:
        for number in range(100):
            desk.state = f"state {number}"
            desk.keeper.soon()
        await desk.keeper.written()
        assert desk.row.kept == ["state 99"]


async def test_what_is_soon_is_written_within_a_quarter_of_a_second() -> None:
    async with a_desk() as desk:
        clock = asyncio.get_running_loop().time
        started = clock()
        desk.keeper.soon()
        await desk.keeper.written()
        assert clock() - started < 0.25 + 0.15


async def test_one_write_is_on_its_way_at_a_time_and_the_next_has_the_latest() -> None:
    async with a_desk() as desk:
        desk.row.open_gate.clear()
        desk.state = "first"
        waiting = [desk.group.create_task(desk.keeper.now())]
        await desk.row.begun.get()
        for number in range(3):
            desk.state = f"later {number}"
            desk.keeper.soon()
        waiting.append(desk.group.create_task(desk.keeper.now()))
        desk.row.open_gate.set()
        await asyncio.gather(*waiting)
        assert desk.row.kept == ["first", "later 2"]
        assert desk.row.most_at_once == 1


async def test_a_database_that_hangs_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PATIENCE_SECONDS", 0.05)
    async with a_desk() as desk:
        desk.row.open_gate.clear()
        clock = asyncio.get_running_loop().time
        await desk.keeper.now()
        assert desk.faults == 1
        started = clock()
        for _ in range(50):
            await desk.keeper.now()
        assert clock() - started < 0.05
        desk.state = "in the end"
        desk.row.open_gate.set()
        await desk.keeper.written()
        assert desk.row.kept[-1] == "in the end"
        assert desk.faults == 1, "and of the same silence nothing more is said"


async def test_a_write_that_fails_is_tried_again_with_the_state_of_then(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "RETRY_SECONDS", (0.02,))
    monkeypatch.setattr(keeper, "PATIENCE_SECONDS", 0.01)
    async with a_desk() as desk:
        desk.row.away = True
        desk.state = "before"
        await desk.keeper.now()
        desk.state = "after"
        for _ in range(3):
            await desk.row.begun.get()
        desk.row.away = False
        await desk.keeper.written()
        assert desk.row.kept == ["after"]
        assert desk.faults >= 3


async def test_a_room_that_is_over_leaves_no_row_and_a_dead_database_does_not_hold_it_up() -> None:
    async with a_desk() as desk:
        await desk.keeper.forget()
        assert desk.row.forgotten
        desk.row.away = True
        await desk.keeper.forget()
        assert desk.faults == 1
