"""«Проверить связь и устройства» in real browsers: for anybody, with or without a camera, and for the administrator."""

import asyncio

import pytest
from playwright.async_api import Route

from tests.e2e.acts import until_text
from tests.e2e.browsers import Browser, Camera, Tab, press, see, until
from tests.e2e.chromium import Chromium
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firefox import Firefox

pytestmark = pytest.mark.timeout(240)

# Connections that are closed, up to the ways that a browser takes to find the rate of a line.
DONE_WITHIN_S = 60.0
REMEMBER_GIVEN = """(() => {
  const media = navigator.mediaDevices;
  const ask = media.getUserMedia.bind(media);
  window.given = [];
  const getUserMedia = async (wanted) => {
    const stream = await ask(wanted);
    given.push(...stream.getTracks());
    return stream;
  };
  Object.defineProperty(media, 'getUserMedia', {value: getUserMedia});
})()"""
FIT = "/Связь подходит|Подойдёт/.test(document.querySelector('h2')?.innerText ?? '')"
# Whether the result of a check was sent, and the answer is there.
SENT = "performance.getEntriesByType('resource').some(({name}) => name.endsWith('/api/check-results'))"


async def opened(browser: Browser, school: DemoSchool, devices: str = "granted") -> Tab:
    tab = await browser.tab(Camera("#2020c0", devices=devices))
    await tab.goto(f"{school.url}/check")
    return tab


async def step(tab: Tab, name: str) -> str:
    """State and words of a step, as a screen reader reads them."""
    rows = f"[...document.querySelectorAll('main ol.sheet > li')].find((row) => row.innerText.includes('{name}'))"
    return str(await tab.evaluate(f"{rows}?.textContent.replace(/[\\s\\u00a0\\u202f]+/g, ' ').trim() ?? ''"))


async def checked(tab: Tab, *, hears: str | None = "Да") -> None:
    await press(tab, "Начать проверку")
    if hears is not None:
        await see(tab, hears, role="button", within_s=DONE_WITHIN_S)
        await press(tab, hears)
    await until(tab, "document.querySelector('main h2')", "result", DONE_WITHIN_S)


async def test_whoever_is_not_signed_in_learns_that_all_is_well(chromium: Chromium, school: DemoSchool) -> None:
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(f"{school.url}/check")
    await tab.evaluate(REMEMBER_GIVEN)
    await checked(tab)
    await until(tab, FIT, "line that is fit for a lesson")
    assert (await step(tab, "Камера")).endswith("Картинка есть")
    assert (await step(tab, "Микрофон")).endswith("Вас слышно")
    assert (await step(tab, "Звук")).endswith("Звонок слышно")
    assert (await step(tab, "UDP")).startswith("хорошо")
    assert (await step(tab, "Потери")).endswith("От вас 0 %, к вам 0 %")
    assert "мс" in await step(tab, "Задержка")
    assert "Мбит/с" in await step(tab, "Скорость")
    assert await tab.evaluate("zvonokTest.peers.every((pc) => pc.connectionState === 'closed')")
    assert await tab.evaluate("given.map((track) => track.readyState)") == ["ended", "ended"]
    assert tab.errors == []
    await tab.close()


async def test_the_text_for_the_provider_names_the_schools_server_and_nobody(
    chromium: Chromium, school: DemoSchool
) -> None:
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    person = school.person("pupil", 0, "5А")
    await tab.goto(person.login_url)
    await tab.goto(f"{school.url}/check")
    await checked(tab)
    await press(tab, "Текст для провайдера")
    await press(tab, "Скопировать текст")
    await until_text(tab, "Скопировано")
    text = str(await tab.evaluate("navigator.clipboard.readText()"))
    assert f":{school.media_port}: проходит" in text
    assert school.url in text
    assert not any(part in text for part in person.name.split())
    await tab.close()


async def test_without_devices_the_line_is_checked_all_the_same(chromium: Chromium, school: DemoSchool) -> None:
    tab = await opened(chromium, school, devices="refused")
    await checked(tab, hears="Нет")
    await until(tab, FIT, "line that is fit for a lesson")
    assert (await step(tab, "Камера")).endswith("Браузер не пускает к камере")
    assert (await step(tab, "Звук")).startswith("плохо")
    await until_text(tab, "разрешите камеру и микрофон")
    await tab.close()


async def test_the_administrator_reads_what_a_pupils_check_came_to(chromium: Chromium, school: DemoSchool) -> None:
    pupil = school.person("pupil", 0, "5А")
    tab = await chromium.tab(Camera("#2020c0", devices="missing"))
    await tab.goto(pupil.login_url)
    # The page itself learns only afterwards who is signed in, as on a slow line.
    asked: asyncio.Future[Route] = asyncio.get_running_loop().create_future()
    await tab.page.route("**/api/me", lambda route: asked.set_result(route), times=1)
    await tab.goto(f"{school.url}/check")
    await checked(tab, hears="Да")
    await until(tab, SENT, "result that has reached the school")
    await (await asked).continue_()
    await tab.close()
    desk = await chromium.tab(Camera("#404040"))
    await desk.goto(school.person("administrator").login_url)
    await see(desk, "Проверки связи")
    await until_text(desk, f"{pupil.name}, 5А")
    await until_text(desk, "Плохо: камера, микрофон")
    await press(desk, pupil.name)
    await until_text(desk, "прямой (UDP)")
    await until_text(desk, "Chrome, Linux")
    await desk.close()


async def test_a_check_that_a_browser_breaks_off_ends_with_a_result_that_nobody_is_sent(
    chromium: Chromium, school: DemoSchool
) -> None:
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(school.person("pupil", 0, "5А").login_url)
    await tab.goto(f"{school.url}/check")
    await tab.evaluate("void (RTCPeerConnection.prototype.createOffer = () => Promise.reject(new Error('broken')))")
    await checked(tab, hears=None)
    await see(tab, "Проверить связь не получилось")
    assert await tab.evaluate("zvonokTest.peers.every((pc) => pc.connectionState === 'closed')")
    assert not await tab.evaluate(SENT)
    await press(tab, "Проверить ещё раз")
    await until(tab, "document.querySelector('[role=progressbar]')", "another check")
    await tab.close()


async def test_the_page_is_reached_from_the_sign_in_and_from_the_persons_menu(
    chromium: Chromium, school: DemoSchool
) -> None:
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(school.url)
    await press(tab, "Проверить связь", role="link")
    await see(tab, "Начать проверку", role="button")
    await tab.goto(school.person("teacher").login_url)
    await press(tab, "Меню")
    await press(tab, "Проверить связь", role="link")
    await see(tab, "Начать проверку", role="button")
    await tab.close()


async def test_a_check_in_firefox(firefox: Firefox, school: DemoSchool) -> None:
    tab = await opened(firefox, school)
    await checked(tab)
    await until(tab, FIT, "line that is fit for a lesson")
    assert (await step(tab, "UDP")).startswith("хорошо")
    assert "Мбит/с" in await step(tab, "Скорость")
    assert "мс" in await step(tab, "Задержка")
    await tab.close()
