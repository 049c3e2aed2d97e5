"""A full class: pages of tiles, layouts and pins, and that nothing is sent which nobody looks at."""

import pytest

from tests.e2e.acts import choose, keys, until_more_comes, until_text
from tests.e2e.browsers import PATIENCE_S, press, until
from tests.e2e.chromium import Chromium
from tests.e2e.synthetic import PICTURES, full_class, last_pupil_joins, names_of_tiles

pytestmark = pytest.mark.timeout(240)

PEOPLE = 20
OFFERS = "zvonokTest.peers.map((peer) => peer.localDescription?.sdp ?? '').join()"
FLOWING = """(async () => {
  const packets = async () => new Map((await zvonokTest.stats())
    .filter((s) => s.type === 'inbound-rtp' && s.kind === 'video').map((s) => [s.id, s.packetsReceived]));
  const before = await packets();
  await new Promise((done) => setTimeout(done, 1500));
  return [...(await packets())].filter(([id, count]) => count > (before.get(id) ?? 0)).length;
})()"""


async def test_pages_turn_without_negotiation_and_only_what_is_seen_is_sent(chromium: Chromium) -> None:
    async with full_class(PEOPLE) as school:
        tab = await last_pupil_joins(chromium, school)
        offers = await tab.evaluate(OFFERS)
        assert await tab.evaluate(FLOWING) <= 8, "eight others and oneself"
        first = await names_of_tiles(tab)
        await press(tab, "Следующая страница")
        await until_text(tab, "2 из 3")
        await until(tab, f"{PICTURES} >= 9", "pictures of the second page")
        second = await names_of_tiles(tab)
        assert not set(first) & set(second)
        await keys(tab, "ArrowRight")
        await until(tab, f"zvonokTest.tiles().length === {PEOPLE + 1 - 18}", "last page")
        await keys(tab, "PageUp", "PageUp")
        await until(tab, f"{PICTURES} >= 9", "pictures of the first page")
        assert await tab.evaluate(OFFERS) == offers
        await tab.close()


async def test_hidden_page_gets_sound_only_and_its_pictures_back(chromium: Chromium) -> None:
    async with full_class(10) as school:
        tab = await last_pupil_joins(chromium, school)
        hide = """(hidden) => {
          const state = hidden ? 'hidden' : 'visible';
          Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
          Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
          document.dispatchEvent(new Event('visibilitychange'));
        }"""
        await tab.evaluate(f"({hide})(true)")
        await until(tab, f"(await {FLOWING}) === 0", "no pictures")
        await until_more_comes(tab, "audio", PATIENCE_S, packets=21)
        await tab.evaluate(f"({hide})(false)")
        await until(tab, f"(await {FLOWING}) >= 8", "pictures again", 5)
        await tab.close()


async def test_layouts_and_pins_are_ones_own(chromium: Chromium) -> None:
    async with full_class(12) as school:
        tab = await last_pupil_joins(chromium, school)
        offers = await tab.evaluate(OFFERS)
        widths = """zvonokTest.tiles().map((tile) => document.querySelector(
            `[role=group][aria-label="${CSS.escape(tile.name)}"]`)?.getBoundingClientRect().width ?? 0)"""
        large = f"({widths}).filter((width) => width > innerWidth * 0.3).length"
        await keys(tab, "g")
        await until(tab, f"{large} === 1", "one large speaker")
        await keys(tab, "g")
        await until(tab, f"{large} === 0", "grid")
        people = [name for name in await names_of_tiles(tab) if "это вы" not in name]
        for name in people[1:3]:
            await choose(tab, name.split(",")[0], "Закрепить")
        await until(tab, f"{large} === 2", "two pinned people")
        await keys(tab, "Escape")
        await until(tab, f"{large} === 0", "grid after the pins")
        await press(tab, "Вид")
        await press(tab, "Показывать меня", role="menuitemcheckbox")
        await until(tab, "!zvonokTest.tiles().some((tile) => tile.name.includes('это вы'))", "no own tile")
        assert await tab.evaluate(OFFERS) == offers
        await tab.close()
