"""Draws the icons of the home screen from web/src/ui/bell.svg into web/public/icons.

`make icons`, after a change of the bell. The PNGs are kept with the sources: to build the client needs no browser.
"""

import asyncio
from pathlib import Path

from tests.e2e.browsers import Camera
from tests.e2e.chromium import Chromium

WEB = Path(__file__).parent.parent.parent / "web"
OUT = WEB / "public" / "icons"
GROUND = "#20362f"
# File, size in pixels, share of the drawing in it: a maskable icon may lose a fifth at each edge, iOS rounds corners.
ICONS = (
    ("bell-192.png", 192, 1.0),
    ("bell-512.png", 512, 1.0),
    ("bell-180.png", 180, 0.9),
    ("bell-maskable-512.png", 512, 0.7),
)


async def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    bell = (WEB / "src" / "ui" / "bell.svg").read_text(encoding="utf-8")
    chromium = await Chromium.start()
    tab = await chromium.tab(Camera("#000000"))
    for name, size, share in ICONS:
        await tab.page.set_viewport_size({"width": size, "height": size})
        ground = "transparent" if share == 1.0 else GROUND
        side = f"width: {size * share}px; height: {size * share}px; margin: {size * (1 - share) / 2}px"
        await tab.page.set_content(f"<body style='margin: 0; background: {ground}'>{bell}</body>")
        await tab.evaluate(f"document.querySelector('svg').style.cssText = 'display: block; {side}'")
        await tab.page.screenshot(path=OUT / name, omit_background=True)
    await chromium.close()


if __name__ == "__main__":
    asyncio.run(main())
