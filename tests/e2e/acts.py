"""What people do in the room, in their words: open the class list, choose from a tile's menu, write into the chat.

Everything is found by role and accessible name, as a screen reader finds it.
"""

import json

from tests.e2e.browsers import FIND, PATIENCE_S, Tab, press, until
from tests.e2e.chromium import ChromiumTab

# «Класс» in a lesson, «Люди» at a meeting.
CLASS_BUTTON = f"[...({FIND})('button', 'Класс'), ...({FIND})('button', 'Люди')][0]"


async def open_tile_menu(tab: Tab, name: str) -> None:
    button = f"document.querySelector('[role=group][aria-label^=\"{name}\"] button[aria-haspopup=menu]')"
    await until(tab, button, f"menu of {name}")
    await tab.evaluate(f"void {button}.click()")


async def choose(tab: Tab, name: str, item: str) -> None:
    """From the menu at the person's tile."""
    await open_tile_menu(tab, name)
    await press(tab, item, role="menuitem")


async def open_class(tab: Tab) -> None:
    await close_chat(tab)
    if not await tab.evaluate("Boolean(document.querySelector('aside.panel'))"):
        await until(tab, f"{CLASS_BUTTON}?.disabled === false", "button of the class list")
        await tab.evaluate(f"void {CLASS_BUTTON}.click()")
    await until(tab, "document.querySelector('aside.panel h2')", "class list")


async def choose_for_class(tab: Tab, item: str, role: str = "menuitem") -> None:
    """From the class list's menu «…» for all."""
    await open_class(tab)
    await press(tab, "Ещё действия для всех")
    await press(tab, item, role=role)


async def close_chat(tab: Tab) -> None:
    if await tab.evaluate("Boolean(document.querySelector('aside.panel [role=log]'))"):
        await press(tab, "Закрыть чат")
        await until(tab, "!document.querySelector('aside.panel')", "closed chat")


async def open_chat(tab: Tab) -> None:
    if not await tab.evaluate("Boolean(document.querySelector('aside.panel [role=log]'))"):
        await press(tab, "Чат")
    await until(tab, "document.querySelector('[role=log]')", "chat")


async def write(tab: ChromiumTab, text: str) -> None:
    """Into the chat, and Enter."""
    await open_chat(tab)
    field = tab.page.locator("aside.panel textarea, aside.panel form input").first
    await field.fill(text)
    await field.press("Enter")


async def until_chat_has(tab: Tab, text: str, within_s: float = 10.0) -> None:
    await open_chat(tab)
    wanted = f"document.querySelector('[role=log]').innerText.includes({json.dumps(text)})"
    await until(tab, wanted, f"message «{text}»", within_s)


async def until_said(tab: Tab, words: str, within_s: float = 20.0) -> None:
    """In the top line, or to a reader only."""
    line = f"""[...document.querySelectorAll('.r-say, [role=status], [role=alert]')]
        .some((node) => node.innerText.replace(/[\\s\\u00a0\\u202f]+/g, ' ').includes({json.dumps(words)}))"""
    await until(tab, line, f"message «{words}»", within_s)


async def until_text(tab: Tab, words: str, within_s: float = 20.0) -> None:
    """Anywhere on the page."""
    found = f"document.body.innerText.replace(/[\\s\\u00a0\\u202f]+/g, ' ').includes({json.dumps(words)})"
    await until(tab, found, f"text «{words}»", within_s)


async def until_microphone(tab: Tab, person: str, state: str, within_s: float = 20.0) -> None:
    """`state`: `включён` or `выключен`, as the tile of the person says it to everybody."""
    tile = f"zvonokTest.tiles().some((tile) => tile.name.startsWith({json.dumps(person)}) && tile.name.includes"
    await until(tab, f"{tile}('микрофон {state}'))", f"microphone of {person} that is {state}", within_s)


async def until_in(tab: Tab, within_s: float = PATIENCE_S) -> None:
    """Until its person is in the lesson, and no longer on the way in."""
    entered = f"({FIND})('button', 'Выйти').length > 0 && !document.body.innerText.includes('Входим')"
    await until(tab, entered, "lesson that this tab is in", within_s)


async def until_more_comes(tab: Tab, kind: str, within_s: float, packets: int = 4) -> float:
    """`kind`: `audio` or `video`. The seconds until so many more packets of it have come."""
    received = f"await zvonokTest.received('{kind}')"
    before = await tab.evaluate(f"(async () => {received})()")
    return await until(tab, f"({received}) >= {before} + {packets}", f"more {kind}", within_s)


async def own_button(tab: Tab, words: str) -> bool | None:
    """Whether the own button of that name is pressed; None where there is none."""
    found = await tab.evaluate(
        f"({FIND})('button', {json.dumps(words)}).map((node) => node.getAttribute('aria-pressed'))[0] ?? null"
    )
    return None if found is None else found == "true"


async def keys(tab: ChromiumTab, *pressed: str) -> None:
    for key in pressed:
        await tab.key(key)
