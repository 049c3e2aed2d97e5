"""The same lesson with Firefox ESR on one side and Chromium on the other, both ways."""

import pytest

from tests.e2e.acts import choose, open_class, until_chat_has, until_in, until_microphone, until_said, until_text
from tests.e2e.browsers import Browser, Camera, press, see, until, until_tile_shows
from tests.e2e.chromium import Chromium
from tests.e2e.classroom import Classroom, colour_of
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox

pytestmark = pytest.mark.timeout(240)


async def test_teacher_in_firefox_pupil_in_chromium(firefox: Firefox, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(firefox)
        await room.pupil_joins(chromium, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_teacher_in_chromium_pupil_in_firefox(firefox: Firefox, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        await room.teacher_starts(chromium)
        await room.pupil_joins(firefox, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))


async def test_screen_from_firefox_is_seen_beside_the_camera(
    firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(firefox, Camera("#c02020", screen_colour="#a0a000"))
        pupil = await room.pupil_joins(chromium, 0)
        await press(teacher, "Показать экран")
        await until_tile_shows(pupil, room.teacher.name, "#a0a000")
        await until_tile_shows(pupil, room.teacher.name, colour_of(room.teacher))


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_publisher_opens_its_highest_layer_on_a_clean_link(
    kind: str, firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    browsers: dict[str, Browser] = {"chromium": chromium, "firefox": firefox}
    camera = Camera("#c02020", width=1280, height=720, frames=20, noisy=True)
    async with Classroom(school) as room:
        await room.teacher_starts(browsers[kind], camera)
        pupil = await room.pupil_joins(chromium, 0, Camera("#2020c0"), size=(1920, 1080))
        received = """(await zvonokTest.stats()).some(
            (s) => s.type === 'inbound-rtp' && s.kind === 'video' && s.frameWidth >= 1280 && s.framesDecoded > 10)"""
        await until(pupil, received, "picture of 1280 × 720", within_s=40)


@pytest.mark.parametrize("teachers", ["chromium", "firefox"])
async def test_floor_is_given_and_taken_across_browsers(
    teachers: str, firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    hers, his = (chromium, firefox) if teachers == "chromium" else (firefox, chromium)
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(hers)
        pupil = await room.pupil_joins(his, 0)
        name = room.pupil(0).name
        await until_microphone(teacher, name, "включён")
        await choose(teacher, name, "Закрыть микрофон")
        await until_said(pupil, "Учитель закрыл микрофон")
        await until_microphone(teacher, name, "выключен")
        await press(pupil, "Поднять руку")
        await open_class(teacher)
        await press(teacher, "Дать слово")
        await until_microphone(teacher, name, "включён")


async def test_chat_and_door_in_firefox(firefox: Firefox, chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        host = await room.sign_in(chromium, school.person("class_teacher", 0, "5А"), Camera("#c02020"))
        await host.goto(school.meeting_url)
        await press(host, "Начать собрание")
        await see(host, "Завершить собрание", role="button")
        mother = await room.sign_in(firefox, school.person("parent", 0, "5А"), Camera("#20a0a0"))
        await mother.goto(school.meeting_url)
        await press(mother, "Войти")
        await see(mother, "Вас скоро впустят")
        await open_class(host)
        await press(host, "Впустить")
        await until_in(mother)
        await until_tile_shows(mother, school.person("class_teacher", 0, "5А").name, "#c02020")
        await press(mother, "Чат")
        await mother.evaluate("""void (() => {
            const field = document.querySelector('aside.panel textarea, aside.panel form input');
            field.value = 'Добрый вечер';
            field.dispatchEvent(new Event('input', {bubbles: true}));
            field.closest('form').requestSubmit();
        })()""")
        await until_chat_has(host, "Добрый вечер")


async def test_firefox_is_back_after_a_reload_and_after_a_killed_media_node(
    firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(chromium)
        pupil = await room.pupil_joins(firefox, 0)
        await room.everybody_sees(room.teacher, room.pupil(0))
        await pupil.evaluate("void (window.isOld = true, setTimeout(() => location.reload(), 100))")
        once = "!window.isOld && zvonokTest.peers.length === 1 && zvonokTest.peers[0].connectionState === 'connected'"
        await until(pupil, once, "the seat after the reload")
        await room.everybody_sees(room.teacher, room.pupil(0))
        await school.kill("sfu")
        await until(pupil, "zvonokTest.peers.length > 1", "second connection")
        await room.everybody_sees(room.teacher, room.pupil(0))
        await until_text(teacher, "Математика")
