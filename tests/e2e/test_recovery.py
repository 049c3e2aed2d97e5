"""What breaks in the middle of a lesson, and that nobody has to touch anything."""

import pytest

from tests.e2e.browsers import Camera, press, until, until_tile_shows
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool

pytestmark = pytest.mark.timeout(240)

# The worker that gates the pictures of the first connection never hears that it may let one through.
DARK_FIRST_CONNECTION = """(() => {
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (data, ...rest) {
    if (!String(data?.slot ?? '').startsWith('1#')) post.call(this, data, ...rest);
  };
})()"""
RGB = {"teacher": [[192, 32, 32]], "Артём Белов": [[32, 32, 192]], "Полина Дроздова": [[32, 160, 32]]}


async def test_everybody_is_back_after_the_media_process_was_killed(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))
        await school.kill("sfu")
        for tab in (teacher, pupil):
            await until(tab, "zvonokTest.peers.length > 1", "second PeerConnection")
        for tab in (teacher, pupil):
            await until(
                tab,
                "zvonokTest.peers.some((p, i) => i > 0 && p.connectionState === 'connected')",
                "second connection",
            )
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_signaling_may_die_while_media_go_on(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))
        await pupil.evaluate("void zvonokTest.sockets.at(-1).close(4000, 'lost')")
        await until(
            pupil, "zvonokTest.sockets.length > 1 && zvonokTest.sockets.at(-1).readyState === 1", "new WebSocket"
        )
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        assert await pupil.evaluate("zvonokTest.peers.length") == 1


async def test_ice_restart_keeps_the_seat_and_the_connection(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(chromium, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))
        ufrag = "zvonokTest.peers[0].localDescription.sdp.match(/ice-ufrag:(\\S+)/)[1]"
        old = await pupil.evaluate(ufrag)
        await pupil.evaluate(
            "void (window.dispatchEvent(new Event('offline')), window.dispatchEvent(new Event('online')))"
        )
        await until(pupil, f"{ufrag} !== '{old}'", "restarted ICE")
        await until(pupil, "['connected', 'completed'].includes(zvonokTest.peers[0].iceConnectionState)", "ICE again")
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        assert await pupil.evaluate("zvonokTest.peers.length") == 1


async def test_pictures_that_come_and_stay_dark_are_sought_by_another_connection(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        person = room.pupil(0)
        pupil = await room.sign_in(chromium, person, Camera(colour_of(person)))
        assert isinstance(pupil, ChromiumTab)
        await pupil.page.add_init_script(DARK_FIRST_CONNECTION)
        await pupil.goto(school.lesson_url)
        await press(pupil, "Войти")
        await until_tile_shows(teacher, person.name, colour_of(person))
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))
        assert await pupil.evaluate("zvonokTest.peers.length") == 2
        await until_tile_shows(teacher, person.name, colour_of(person))


async def test_no_tile_ever_shows_a_wrong_person_while_mapping_messages_are_late(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium, Camera("#c02020", mapping_delay_ms=500))
        colours = {(room.teacher.name if name == "teacher" else name): wanted for name, wanted in RGB.items()}
        await room.pupil_joins(chromium, 0)
        await until_tile_shows(teacher, room.pupil(0).name, colour_of(room.pupil(0)))
        await teacher.evaluate(f"void zvonokTest.startWatching({colours!r})")
        for gone, come in ((0, 1), (1, 0), (0, 1)):
            await room.tabs.pop(room.pupil(gone).id).close()
            await room.pupil_joins(chromium, come)
            await until_tile_shows(teacher, room.pupil(come).name, colour_of(room.pupil(come)))
        seen = await teacher.evaluate("zvonokTest.stopWatching()")
        assert seen["pictures"] > 100
        assert seen["wrong"] == []
