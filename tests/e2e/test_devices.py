"""Cameras and microphones refused, missing, busy, pulled out and plugged in; and what is done to picture and voice."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.acts import until_in, until_text
from tests.e2e.browsers import Browser, Camera, Tab, find, press, see, until
from tests.e2e.chromium import ARGUMENTS, Chromium, ChromiumTab
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool, Person
from tests.e2e.firefox import Firefox

pytestmark = pytest.mark.timeout(180)

OWN = Camera("#000000", devices="own")
DEVICES_SCRIPT = (Path(__file__).parent / "devices_script.js").read_text(encoding="utf-8")
# The own devices of Chromium, asked for as a person is asked: by the browser's permissions.
HONEST = [argument for argument in ARGUMENTS if argument != "--use-fake-ui-for-media-stream"]
WITH_DEVICES = [*HONEST, "--use-fake-device-for-media-stream"]
SENT = "zvonokTest.peers.at(-1).getSenders().map(({track}) => track)"
VOICE = f"{SENT}.find((track) => track?.kind === 'audio')"

# Variance of the grey of what the camera's sender sends at the moment.
VARIANCE = f"""(async () => {{
  const track = {SENT}.find((one) => one?.kind === 'video');
  if (!track) return -1;
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track.clone()]);
  await video.play();
  await new Promise((done) => setTimeout(done, 300));
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth; canvas.height = video.videoHeight;
  const pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0);
  video.srcObject.getTracks()[0].stop();
  // The upper left corner: wall, neither head nor moving square.
  const {{data}} = pen.getImageData(4, 4, 64, 64);
  const greys = Array.from({{length: 64 * 64}}, (_, n) => (data[4 * n] + data[4 * n + 1] + data[4 * n + 2]) / 3);
  const mean = greys.reduce((all, one) => all + one) / greys.length;
  return greys.reduce((all, one) => all + (one - mean) ** 2, 0) / greys.length;
}})()"""


@pytest.fixture(scope="module")
async def equipped() -> AsyncIterator[Chromium]:
    browser = await Chromium.start(arguments=WITH_DEVICES)
    yield browser
    await browser.close()


async def at_the_check(school: DemoSchool, room: Classroom, browser: Chromium, *, allowed: bool = True) -> ChromiumTab:
    tab = await browser.tab(OWN)
    room.tabs[f"{len(room.tabs)}"] = tab
    await tab.page.context.add_init_script(DEVICES_SCRIPT)
    if allowed:
        await tab.page.context.grant_permissions(["camera", "microphone"])
    await tab.goto(room.teacher.login_url)
    await tab.goto(school.lesson_url)
    await see(tab, "Начать урок", role="button")
    return tab


async def until_on(tab: Tab, words: str) -> None:
    on = f"[...document.querySelectorAll('button[aria-pressed=true]')].some((b) => b.ariaLabel?.startsWith('{words}'))"
    await until(tab, on, f"«{words}» that is on")


async def open_devices(tab: Tab) -> None:
    await press(tab, "Ещё")
    await press(tab, "Камера и микрофон", role="menuitem")
    await see(tab, "Камера и микрофон")


async def choose_voice(tab: Tab, mode: str) -> None:
    await tab.evaluate(f"""void (() => {{
        const field = [...document.querySelectorAll('dialog select')].find((one) => one.id.endsWith('-mode'));
        field.value = '{mode}';
        field.dispatchEvent(new Event('change', {{bubbles: true}}));
    }})()""")


async def blur(tab: Tab) -> None:
    await tab.evaluate("void document.querySelector('dialog input[type=checkbox]').click()")


async def hears(tab: Tab) -> None:
    """What this window receives of the others' voices has energy, and goes on to have it."""
    energy = """(await zvonokTest.stats()).filter((one) => one.type === 'inbound-rtp' && one.kind === 'audio')
        .reduce((all, one) => all + (one.totalAudioEnergy ?? 0), 0)"""
    before = await tab.evaluate(f"(async () => {energy})()")
    await until(tab, f"{energy} > {before} + 0.001", "voice that is heard", within_s=15)


async def voice_goes_out(tab: Tab) -> None:
    """A second of packets; a tone is noise to the model, so what is in them is not asked."""
    packets = """(await zvonokTest.stats()).filter((one) => one.type === 'outbound-rtp' && one.kind === 'audio')
        .reduce((all, one) => all + one.packetsSent, 0)"""
    before = await tab.evaluate(f"(async () => {packets})()")
    await until(tab, f"{packets} > {before} + 50", "packets of the voice", within_s=15)


IN_VK = """Object.defineProperty(navigator, 'userAgent', {get: () => 'Mozilla/5.0 (Linux; Android 14; SM-A155F; wv) '
  + 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36 VKAndroidApp/8.95-20000'})"""


@pytest.mark.parametrize("devices", ["refused", "missing"])
async def test_a_messenger_without_camera_and_microphone_leads_to_a_real_browser(
    chromium: Chromium, school: DemoSchool, devices: str
) -> None:
    async with Classroom(school) as room:
        tab = await chromium.tab(Camera("#2020c0", devices=devices))
        room.tabs["messenger"] = tab
        await tab.page.context.add_init_script(IN_VK)
        await tab.goto(room.teacher.login_url)
        await tab.goto(school.lesson_url)
        await until_text(tab, "Страница открыта внутри VK")
        await see(tab, "Открыть в браузере", role="link")
        await see(tab, "Скопировать ссылку", role="button")
        await see(tab, "Проверить ещё раз", role="button")
        await see(tab, "Начать урок", role="button")


async def test_a_messenger_where_all_works_is_told_in_one_line(chromium: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await chromium.tab(Camera("#2020c0"))
        room.tabs["messenger"] = tab
        await tab.page.context.add_init_script(IN_VK)
        await tab.goto(room.teacher.login_url)
        await tab.goto(school.lesson_url)
        await until_text(tab, "Вы внутри VK")
        assert await find(tab, "link", "Открыть в браузере") == 0


async def test_a_proxy_that_answers_for_a_school_that_is_down_is_no_good_line(
    chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        tab = await chromium.tab(Camera("#2020c0"))
        room.tabs["down"] = tab
        await tab.page.route("**/healthz", lambda route: route.fulfill(status=502))
        await tab.goto(room.teacher.login_url)
        await tab.goto(school.lesson_url)
        await until_text(tab, "Школа не отвечает")


async def test_refusal_is_explained_and_checked_again_by_itself(equipped: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await at_the_check(school, room, equipped, allowed=False)
        await until_text(tab, "Браузер не пускает к камере и микрофону.")
        await until_text(tab, "Нажмите значок слева от адреса страницы.")
        await see(tab, "Начать урок без камеры и микрофона", role="button")
        await tab.page.context.grant_permissions(["camera", "microphone"])
        await until_on(tab, "Камера")
        await until_on(tab, "Микрофон включён")


async def test_missing_devices_are_no_condition(school: DemoSchool) -> None:
    browser = await Chromium.start(arguments=HONEST)
    try:
        async with Classroom(school) as room:
            tab = await at_the_check(school, room, browser)
            await until_text(tab, "Ни камеры, ни микрофона не нашлось.")
            await press(tab, "Начать урок")
            await see(tab, "Завершить урок", role="button")
    finally:
        await browser.close()


async def test_busy_camera_is_taken_when_it_is_free(equipped: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await at_the_check(school, room, equipped)
        await until_on(tab, "Камера")
        await press(tab, "Камера")
        await tab.evaluate("void zvonokDevices.hold('video')")
        await press(tab, "Камера")
        await until_text(tab, "Камеру держит другая программа")
        await tab.evaluate("void zvonokDevices.hold(null)")
        await press(tab, "Проверить ещё раз")
        await until_on(tab, "Камера")


async def test_another_microphone_takes_over_in_the_lesson(
    equipped: Chromium, chromium: Chromium, school: DemoSchool
) -> None:
    async with Classroom(school) as room:
        teacher = await at_the_check(school, room, equipped)
        await until_on(teacher, "Микрофон включён")
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        pupil = await room.pupil_joins(chromium, 0)
        await hears(pupil)
        await open_devices(teacher)
        await teacher.evaluate("void zvonokDevices.unplug('audio')")
        await until_text(teacher, "Теперь вас слышно через")
        await hears(pupil)


async def test_camera_is_on_again_when_it_is_plugged_in_again(equipped: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        tab = await at_the_check(school, room, equipped)
        await until_on(tab, "Камера")
        await tab.evaluate("void zvonokDevices.unplugAll('video')")
        await until_text(tab, "Камера отключилась. Подключите её снова")
        assert await find(tab, "button", "Микрофон включён") == 1
        await tab.evaluate("void zvonokDevices.plug()")
        await until_on(tab, "Камера")


async def test_whoever_only_listens_is_asked_for_nothing(equipped: Chromium, school: DemoSchool) -> None:
    pupil: Person = school.person("pupil", 0, "5А")
    async with Classroom(school) as room:
        await room.teacher_starts(equipped, Camera("#c02020"))
        tab = await equipped.tab(OWN)
        room.tabs[pupil.id] = tab
        await tab.page.context.add_init_script(DEVICES_SCRIPT)
        await tab.page.context.grant_permissions(["camera", "microphone"])
        await tab.goto(pupil.login_url)
        await tab.goto(school.lesson_url)
        await until_on(tab, "Микрофон включён")
        await press(tab, "Только слушать")
        await until_in(tab)
        await hears(tab)
        assert await tab.evaluate("zvonokDevices.given.every((track) => track.readyState === 'ended')")


async def test_music_goes_out_unfiltered_without_another_question(equipped: Chromium, school: DemoSchool) -> None:
    async with Classroom(school) as room:
        teacher = await at_the_check(school, room, equipped)
        await until_on(teacher, "Микрофон включён")
        await press(teacher, "Начать урок")
        await see(teacher, "Завершить урок", role="button")
        filters = f"Object.entries({VOICE}.getSettings()).filter(([name, on]) => on === true)"
        filters += ".map(([name]) => name).filter((name) => /^(echoC|noiseS|autoG)/.test(name)).length"
        await until(teacher, f"{filters} === 3", "three filters of a voice")
        await open_devices(teacher)
        await choose_voice(teacher, "music")
        await until(teacher, f"{filters} === 0 && {VOICE}.contentHint === 'music'", "a voice without filters")
        await choose_voice(teacher, "usual")
        await until(teacher, f"{filters} === 3", "three filters again")


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_noise_is_taken_away_and_the_voice_goes_on(
    kind: str, firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    browsers: dict[str, Browser] = {"chromium": chromium, "firefox": firefox}
    async with Classroom(school) as room:
        teacher = await room.teacher_starts(browsers[kind], Camera("#c02020"))
        await voice_goes_out(teacher)
        raw = await teacher.evaluate(f"{VOICE}.id")
        await open_devices(teacher)
        await choose_voice(teacher, "clear")
        # Firefox runs no audio graph on a machine without a sound card: the voice goes out as it is.
        if kind == "chromium":
            await until(teacher, f"{VOICE}.id !== '{raw}'", "filtered voice")
        await voice_goes_out(teacher)
        await choose_voice(teacher, "usual")
        await until(teacher, f"{VOICE}.id === '{raw}'", "the voice as it is")
        await voice_goes_out(teacher)


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_background_is_blurred_from_the_first_picture_on(
    kind: str, firefox: Firefox, chromium: Chromium, school: DemoSchool
) -> None:
    browsers: dict[str, Browser] = {"chromium": chromium, "firefox": firefox}
    async with Classroom(school) as room:
        camera = Camera("#b9c7bd", width=640, height=360, noisy=True, portrait=True)
        teacher = await room.teacher_starts(browsers[kind], camera)
        await until(teacher, f"(await {VARIANCE}) > 100", "noisy wall of the camera")
        raw = await teacher.evaluate(VARIANCE)
        await open_devices(teacher)
        await blur(teacher)
        for _ in range(6):
            assert await teacher.evaluate(VARIANCE) < raw / 100
        await blur(teacher)
        await until(teacher, f"(await {VARIANCE}) > {raw} / 2", "the room as it is")
