"""What a room writes down for the process after it, on a real database: its state, its chat, who was in when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from school.attendance import Stay
from school.chat import ChatLine
from school.people import Member
from school.refusals import NotFound
from school.schedule import OVERRUN
from school.store import Store
from school.usecases import conduct, lessons, live_rooms
from tests.school.roster import ARTYOM, NOON, POLINA, TEACHER

DURING = NOON
STARTS = NOON - timedelta(minutes=30)
BELL = NOON + timedelta(minutes=10)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LINE = ChatLine("line", "maths", STARTS, POLINA.id, "А можно ещё раз?", "all", DURING, None)


@pytest.fixture
async def open_store(store: Store) -> Store:
    await lessons.start(store, TEACHER, "maths", STARTS)
    return store


async def states(store: Store, minute: int = 0) -> list[str]:
    return [room.state for room in await live_rooms.kept_rooms(store, DURING + minute * MINUTE)]


class TestARoom:
    async def test_is_kept_with_its_lesson_and_the_latest_state(self, open_store: Store, url: str) -> None:
        await live_rooms.keep_room(open_store, "maths", STARTS, '{"seats":1}', DURING)
        await live_rooms.keep_room(open_store, "maths", STARTS, '{"seats":2}', DURING + SECOND)
        await open_store.close()
        async with await Store.open(url) as again:
            (room,) = await live_rooms.kept_rooms(again, DURING + 2 * SECOND)
        assert (room.starts_at, room.state) == (STARTS, '{"seats":2}')
        view = room.view
        assert (view.lesson.id, view.class_name, view.occurrence.starts_at) == ("maths", "5А", STARTS)
        assert (view.room, view.teacher, view.action, view.room_role) == ("open", TEACHER, None, None)

    async def test_past_the_bell_is_kept_while_it_is_going_on(self, open_store: Store) -> None:
        await live_rooms.keep_room(open_store, "maths", STARTS, "state", DURING)
        assert await states(open_store, minute=69) == ["state"]
        assert (BELL + OVERRUN) - DURING == 70 * MINUTE
        assert await states(open_store, minute=70) == []

    async def test_of_a_lesson_that_was_ended_is_dropped(self, open_store: Store) -> None:
        await live_rooms.keep_room(open_store, "maths", STARTS, "state", DURING)
        await conduct.end(open_store, TEACHER, "maths", DURING)
        assert await states(open_store) == []
        await lessons.start(open_store, TEACHER, "maths", DURING)
        assert await states(open_store) == [], "the one that is opened after it is another"

    async def test_is_forgotten_when_it_says_so(self, open_store: Store) -> None:
        await live_rooms.keep_room(open_store, "maths", STARTS, "state", DURING)
        await live_rooms.forget_room(open_store, "maths", STARTS)
        await live_rooms.forget_room(open_store, "maths", STARTS)
        assert await states(open_store) == []

    async def test_of_an_unknown_lesson_is_not_kept(self, open_store: Store) -> None:
        with pytest.raises(NotFound):
            await live_rooms.keep_room(open_store, "unknown", STARTS, "state", DURING)


class TestTheChat:
    async def test_is_kept_in_order_and_each_message_once(self, open_store: Store) -> None:
        later = replace(LINE, id="later", text="Да", author_id=TEACHER.id, to="hosts", at=DURING + SECOND)
        for line in (later, LINE, LINE):
            await live_rooms.keep_chat(open_store, line)
        assert await live_rooms.chat_of(open_store, "maths", STARTS) == [LINE, later]

    async def test_is_that_of_one_occurrence(self, open_store: Store) -> None:
        await live_rooms.keep_chat(open_store, LINE)
        assert await live_rooms.chat_of(open_store, "maths", STARTS + timedelta(days=7)) == []

    @pytest.mark.parametrize(("by", "word"), [(POLINA, "author"), (TEACHER, "host")])
    async def test_keeps_the_place_of_a_removed_message_and_not_its_text(
        self, open_store: Store, by: Member, word: str
    ) -> None:
        await live_rooms.keep_chat(open_store, LINE)
        await live_rooms.remove_chat(open_store, LINE.id, by.id)
        await live_rooms.remove_chat(open_store, LINE.id, ARTYOM.id)
        (line,) = await live_rooms.chat_of(open_store, "maths", STARTS)
        assert (line.id, line.text, line.removed) == (LINE.id, "", word)

    async def test_comes_back_with_its_latest_two_hundred(self, open_store: Store) -> None:
        for number in range(205):
            line = replace(LINE, id=f"line-{number:03}", at=DURING + number * SECOND)
            await live_rooms.keep_chat(open_store, line)
        chat = await live_rooms.chat_of(open_store, "maths", STARTS)
        assert [chat[0].id, chat[-1].id, len(chat)] == ["line-005", "line-204", 200]


class TestStays:
    async def test_begin_and_end_with_their_person(self, open_store: Store) -> None:
        for member, minute in ((POLINA, 0), (ARTYOM, 1)):
            await live_rooms.came(open_store, "maths", STARTS, member.id, STARTS + minute * MINUTE)
        await live_rooms.left(open_store, "maths", STARTS, POLINA.id, DURING)
        await live_rooms.came(open_store, "maths", STARTS, POLINA.id, DURING + MINUTE)
        assert await self._noted(open_store) == {
            POLINA.id: [Stay(STARTS, DURING), Stay(DURING + MINUTE, None)],
            ARTYOM.id: [Stay(STARTS + MINUTE, None)],
        }

    async def test_of_whoever_came_twice_without_leaving_are_one(self, open_store: Store) -> None:
        for minute in (0, 5):
            await live_rooms.came(open_store, "maths", STARTS, POLINA.id, STARTS + minute * MINUTE)
        assert await self._noted(open_store) == {POLINA.id: [Stay(STARTS, None)]}

    async def test_are_not_made_by_leaving(self, open_store: Store) -> None:
        await live_rooms.left(open_store, "maths", STARTS, POLINA.id, DURING)
        assert await self._noted(open_store) == {}

    @staticmethod
    async def _noted(store: Store) -> object:
        async with store.read() as tx:
            return await tx.stays.of_room("maths", STARTS)
