"""The client as a phone keeps it: installable, light on its first load, and with a page of its own when offline."""

import asyncio
import sys
from typing import Any

from playwright.async_api import CDPSession

from tests.e2e.acts import until_text
from tests.e2e.browsers import Camera, see, until
from tests.e2e.chromium import Chromium, ChromiumTab
from tests.e2e.demo_school import DemoSchool

# Everything until the device check can be used, compressed, with the fonts.
FIRST_LOAD_BYTES = 150_000


async def debugger(tab: ChromiumTab) -> CDPSession:
    return await tab.page.context.new_cdp_session(tab.page)


async def test_the_client_can_be_put_on_the_home_screen(chromium: Chromium, school: DemoSchool) -> None:
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(school.url)
    await until_text(tab, "Кто вы?")
    session = await debugger(tab)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    errors = (await session.send("Page.getInstallabilityErrors"))["installabilityErrors"]
    # A window of a test is a private one, which installs nothing.
    assert [error["errorId"] for error in errors if error["errorId"] != "in-incognito"] == []
    await tab.close()


async def test_a_page_of_ours_stands_where_the_school_is_gone(chromium: Chromium) -> None:
    school = await DemoSchool.start()
    tab = await chromium.tab(Camera("#2020c0"))
    await tab.goto(school.url)
    await until(tab, "navigator.serviceWorker.controller", "kept page")
    kept = "caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).map((one) => one.url))"
    urls = [url.removeprefix(school.url.rstrip("/")) for url in await tab.evaluate(kept)]
    assert sorted(urls) == ["/icons/bell-192.png", "/offline.css", "/offline.html", "/offline.js"]
    await school.stop()
    await tab.goto(school.lesson_url)
    await see(tab, "Школа не отвечает")
    await see(tab, "The school does not answer")
    assert await tab.evaluate("getComputedStyle(document.body).display") == "grid"
    await tab.close()


async def test_the_first_load_is_light(chromium: Chromium, school: DemoSchool) -> None:
    tab = await chromium.tab(Camera("#2020c0", frames=4))
    pupil = school.person("pupil", 0, "5А")
    context = tab.page.context
    await context.request.get(pupil.login_url)
    teacher = await school.login_cookie(school.person("teacher"))
    lesson = school.lesson_url.rsplit("/", 1)[1]
    async with teacher, teacher.post(f"{school.url}/api/lessons/{lesson}/start", json={}) as started:
        assert started.status < 500
    session = await debugger(tab)
    sizes: dict[str, float] = {}
    names: dict[str, str] = {}

    def sent(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        sizes[names.get(event["requestId"], "?")] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", loaded)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    await tab.goto(school.lesson_url)
    await until(tab, "document.querySelector('main h1')", "door")
    await asyncio.sleep(0.5)
    # The room is fetched behind the door that can be used already.
    counted = {name: size for name, size in sizes.items() if "LessonRoom" not in name}
    table = "\n".join(f"{size:8.0f} {name}" for name, size in sorted(counted.items(), key=lambda pair: -pair[1]))
    sys.stdout.write(f"{sum(counted.values()):.0f} bytes\n{table}\n")
    assert sum(counted.values()) <= FIRST_LOAD_BYTES
    await tab.close()
