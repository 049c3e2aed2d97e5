"""Debian's Chromium through Playwright. Each tab has a context of its own: one browser window holds one person."""

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error, Page, Playwright, async_playwright

from tests.e2e.browsers import Camera, executable
from tests.e2e.network import Network

ARGUMENTS = [
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]


class ChromiumTab:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def goto(self, url: str) -> None:
        await self.page.goto(url)

    async def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - JSON from the page
        try:
            return await self.page.evaluate(expression)
        except Error as error:
            if "Execution context was destroyed" not in str(error):
                raise
            # The page went elsewhere while it was asked: ask the page that it went to.
            await self.page.wait_for_load_state()
            return await self.page.evaluate(expression)

    async def screenshot(self, path: Path) -> None:
        await self.page.screenshot(path=path)

    async def key(self, name: str) -> None:
        await self.page.keyboard.press(name)

    async def close(self) -> None:
        await self.page.context.close()


class Chromium:
    def __init__(self, playwright: Playwright, browser: PlaywrightBrowser) -> None:
        self._playwright = playwright
        self._browser = browser

    @classmethod
    async def start(cls, path: str | None = None, arguments: Sequence[str] = ARGUMENTS) -> Self:
        """`path`: of a program that starts Chromium in another way than usual."""
        playwright = await async_playwright().start()
        path = path or executable("chromium")
        return cls(playwright, await playwright.chromium.launch(executable_path=path, headless=True, args=arguments))

    async def tab(self, camera: Camera, *, width: int = 1366, height: int = 768, phone: bool = False) -> ChromiumTab:
        """`phone`: touched instead of clicked, with two points to a pixel."""
        context = await self._browser.new_context(
            locale="ru-RU",
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            device_scale_factor=2 if phone else 1,
        )
        await context.add_init_script(camera.script())
        return ChromiumTab(await context.new_page())

    async def close(self) -> None:
        await self._browser.close()
        await self._playwright.stop()


@asynccontextmanager
async def chromium_in(network: Network) -> AsyncIterator[Chromium]:
    """One whose tabs know no other network."""
    with tempfile.TemporaryDirectory(prefix="zvonok-network-") as folder:
        browser = await Chromium.start(network.program(Path(folder), executable("chromium")))
        try:
            yield browser
        finally:
            await browser.close()
