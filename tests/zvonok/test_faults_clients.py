"""Faults of one person's link and of the process's own limits: an address that changes in mid-call, a page that stops
reading, no descriptors left. The others notice nothing."""

import asyncio
import resource
from collections.abc import Callable
from statistics import median

import aiohttp

from signaling.live import messages as wire
from tests.zvonok.people_lab import School, Somebody

GAP_S = 1.0


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_media_go_on_both_ways_when_a_persons_address_changes(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    await pupil.hears(teacher, "до")
    await teacher.hears(pupil, "до")
    moved = now()
    await pupil.line.open_socket()
    await pupil.hears(teacher, "сюда")
    await teacher.hears(pupil, "отсюда")
    assert now() - moved <= GAP_S
    assert pupil.page.all_of(wire.PleaseReoffer) == []
    assert teacher.page.all_of(wire.ParticipantChanged) == []


async def test_nothing_is_sent_to_the_address_that_a_person_has_left(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    await pupil.hears(teacher, "до")
    await pupil.line.open_socket()
    await pupil.hears(teacher, "после")
    assert pupil.line.left_behind == []


async def answer_times(teacher: Somebody) -> list[float]:
    times = []
    for number in range(30):
        asked = now()
        await teacher.does(lock(number % 2 == 0))
        times.append(now() - asked)
    return times


def lock(on: bool) -> Callable[[int], wire.Request]:
    return lambda number: wire.SetRoom(id=number, locked=on)


async def test_a_page_that_stops_reading_costs_the_others_nothing_and_comes_back_to_its_seat(school: School) -> None:
    teacher, (sleeper, pupil) = await school.teacher_in(), await school.pupils_in(2)
    before = median(await answer_times(teacher))
    sleeper.page.stop_reading()
    assert median(await answer_times(teacher)) <= 2 * before + 0.02
    assert len(pupil.page.all_of(wire.RoomChanged)) > 30
    await pupil.hears(teacher, "слышно")
    await sleeper.hears(teacher, "слышно и не читающему")
    assert isinstance(await sleeper.resume(), wire.Resumed)
    assert sleeper.me in teacher.roster()


async def test_without_descriptors_newcomers_are_refused_those_inside_go_on_and_it_recovers(school: School) -> None:
    teacher, (pupil,) = await school.teacher_in(), await school.pupils_in(1)
    newcomer = await school.person("pupil", 1, "5А")
    pid = school.pid_of("signaling")
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        refused = 0
        for _ in range(5):
            try:
                async with (
                    aiohttp.ClientSession(school.demo.url, timeout=aiohttp.ClientTimeout(total=0.5)) as fresh,
                    fresh.get("/healthz") as response,
                ):
                    refused += response.status >= 500
            except (TimeoutError, aiohttp.ClientError):
                refused += 1
        assert refused == 5
        await teacher.does(lambda n: wire.SetSpotlight(id=n, participants=[pupil.me]))
        await pupil.hears(teacher, "слышно")
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
    relieved = now()
    await newcomer.join(school.lesson)
    assert now() - relieved <= 5
    await newcomer.hears(teacher, "слышно и новому")
    assert school.pid_of("signaling") == pid
