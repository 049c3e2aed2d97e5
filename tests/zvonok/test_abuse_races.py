"""Two acts at once, over real sockets, again and again in orders that a seed draws: whichever comes first, the one with
the authority has the last word."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal

from signaling.live import messages as wire
from tests.zvonok.media_line import paces
from tests.zvonok.people_lab import School, Somebody

SEED = 28
ROUNDS = 50
PUPILS = 10
LATEST_S = 0.01
Act = Callable[[], Awaitable[object]]


class Dice:
    """Starts acts together, each a drawn moment later than the others."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311 - a repeatable order

    async def together(self, *acts: Act) -> None:
        async def later(act: Act, seconds: float) -> None:
            await paces(seconds)
            await act()

        async with asyncio.TaskGroup() as group:
            for act in acts:
                group.create_task(later(act, self._random.choice((0, self._random.uniform(0, LATEST_S)))))


async def takes_a_seat(pupil: Somebody, lesson: str) -> None:
    """Without a line for media."""
    page = await pupil.open_page()
    pupil.joined = await page.join(await pupil.browser.ticket(lesson), pupil.new_line().offer())


async def tries_to_resume(pupil: Somebody) -> None:
    if not pupil.page.closed.is_set():
        pupil.page.lose_network()
    await pupil.resume()


async def test_a_removal_outlives_every_resume_that_crosses_it(school: School) -> None:
    dice, rounds = Dice(), 0
    pupils = [await school.person("pupil", number, "5А") for number in range(PUPILS)]
    while rounds < ROUNDS:
        teacher = await school.teacher_in()
        for pupil in pupils:
            rounds += 1
            await is_removed_while_resuming(school, teacher, pupil, dice)
        await teacher.does(lambda n: wire.EndLesson(id=n))


async def is_removed_while_resuming(school: School, teacher: Somebody, pupil: Somebody, dice: Dice) -> None:
    await takes_a_seat(pupil, school.lesson)
    await teacher.until_told(lambda: pupil.me in teacher.roster())
    await dice.together(lambda: tries_to_resume(pupil), lambda: teacher.does(remove(pupil.me)))
    reply = await pupil.resume()
    assert isinstance(reply, wire.Failed), reply
    assert (await pupil.browser.refusal(school.lesson)).code == "removed"
    assert pupil.me not in teacher.roster()


def remove(participant: str) -> Callable[[int], wire.Request]:
    return lambda number: wire.RemoveParticipant(id=number, participant=participant, reason="noise")


async def turns_on_having_seen(pupil: Somebody, seen: int) -> None:
    media = wire.Media(microphone=True, camera=True)
    await pupil.ask(lambda n: wire.SetMedia(id=n, media=media, mute_seen=seen))


async def test_a_microphone_that_is_closed_while_its_page_turns_it_on_is_closed(school: School) -> None:
    dice, teacher, (pupil, classmate) = Dice(), await school.teacher_in(), await school.pupils_in(2)
    for number in range(ROUNDS // 2):
        await teacher.does(everybody("open"))
        await pupil.sends(mute_seen=teacher.seat_of(pupil).mute)
        turns_on = partial(turns_on_having_seen, pupil, teacher.seat_of(pupil).mute)
        await dice.together(turns_on, lambda: teacher.does(everybody("closed")))
        await teacher.until_told(lambda: teacher.seat_of(pupil).rights.microphone == "closed")
        if number % 5 == 0:
            await is_heard_by_nobody(pupil, teacher, classmate)


def everybody(how: Literal["closed", "open"]) -> Callable[[int], wire.Request]:
    return lambda number: wire.Restrict(id=number, participant=None, kind="microphone", how=how)


async def is_heard_by_nobody(pupil: Somebody, *listeners: Somebody) -> None:
    """What was on its way has gone after two tenths of a second."""
    await paces(0.2)
    for one in listeners:
        await one.line.fence()
    before = [len(one.line.heard_of(pupil.microphone)) for one in listeners]
    for _ in range(20):
        pupil.line.say("чужое")
    await pupil.line.fence()
    for one in listeners:
        await one.line.fence()
    assert [len(one.line.heard_of(pupil.microphone)) for one in listeners] == before


async def test_a_mute_that_crosses_a_second_connection_holds_on_both(school: School) -> None:
    dice, teacher, (pupil, classmate) = Dice(), await school.teacher_in(), await school.pupils_in(2)
    for _ in range(10):
        await teacher.does(everybody("open"))
        await pupil.sends(mute_seen=teacher.seat_of(pupil).mute)
        await teacher.hears(pupil, "слышно")
        before = pupil.line
        await dice.together(pupil.reoffer, lambda: teacher.does(everybody("closed")))
        after = pupil.line
        for pupil.line in (before, after):
            await is_heard_by_nobody(pupil, teacher, classmate)
        await pupil.does(settle(after.connection))


def settle(connection: int) -> Callable[[int], wire.Request]:
    return lambda number: wire.Settle(id=number, connection=connection)


async def test_whoever_goes_from_the_door_while_being_let_in_leaves_no_ghost(school: School) -> None:
    dice, leader = Dice(), await school.leader_in()
    for number in range(20):
        mother = await school.person("parent", number % 2, "5А")
        page = await mother.knock(school.meeting)
        if number < 2:
            await page.until(wire.AtTheDoor)
        await dice.together(page.socket.close, lambda: leader.ask(admit))
        await leader.ask(admit)
        await mother.browser.http.close()
    await leader.until_told(lambda: set(leader.roster()) == {leader.me})
    doors = leader.page.all_of(wire.DoorChanged)
    assert doors == [] or doors[-1].waiting == []


def admit(number: int) -> wire.Request:
    return wire.Admit(id=number, waiting=None)
