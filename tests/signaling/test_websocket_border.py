"""What reaches the WebSocket from browsers that are not ours: other origins and frames, floods, readers that hang."""

import asyncio
import zlib

import aiohttp
import pytest

from sfu import messages as node
from signaling.api import documents
from signaling.app import SignalingSettings, serving
from signaling.listening import Patience
from signaling.live import client
from signaling.live import messages as wire
from tests.signaling.browser import Browser, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


async def handshake(browser: Browser, protocol: str = wire.SUBPROTOCOL, **headers: str) -> int:
    try:
        socket = await browser.http.ws_connect("/ws", protocols=(protocol,), headers=headers)
    except aiohttp.WSServerHandshakeError as refused:
        return refused.status
    await socket.close()
    return 101


@pytest.mark.parametrize(
    "origin",
    ["null", "https://evil.example", "{url}.evil.example", "http://evil.{host}", "{url}/", "https://{host}", ""],
)
async def test_another_origin_is_refused_before_the_upgrade(browser_of: BrowserOf, town: Town, origin: str) -> None:
    browser = await browser_of(town.artyom)
    host = browser.url.removeprefix("http://")
    assert await handshake(browser, Origin=origin.format(url=browser.url, host=host)) == 403


async def test_a_handshake_without_origin_session_or_protocol_is_refused(browser_of: BrowserOf, town: Town) -> None:
    browser, nobody = await browser_of(town.artyom), await browser_of(None)
    assert await handshake(browser) == 403
    assert await handshake(nobody, Origin=nobody.url) == 401
    assert await handshake(browser, "zvonok.v0", Origin=browser.url) == 400
    assert await handshake(browser, Origin=browser.url) == 101


async def test_the_other_names_of_loopback_are_this_site_too(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.artyom)
    assert await handshake(browser, Origin=browser.url.replace("127.0.0.1", "localhost")) == 101


async def test_compression_is_not_agreed_to(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.artyom)
    socket = await browser.http.ws_connect(
        "/ws", protocols=(wire.SUBPROTOCOL,), headers={"Origin": browser.url}, compress=15
    )
    assert socket.compress == 0
    bomb = zlib.compressobj(wbits=-15).compress(b"0" * 10_000_000)
    await socket.send_frame(bomb, aiohttp.WSMsgType.TEXT, compress=0)
    assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.TEXT)
    await socket.close()


async def test_a_frame_beyond_the_largest_closes_with_1009(browser_of: BrowserOf, town: Town) -> None:
    page = await (await browser_of(town.artyom)).open_page()
    await page.socket.send_str("x" * (wire.MAX_OFFER_MESSAGE_BYTES + 1))
    assert await page.close_code() == 1009


async def test_a_message_without_an_offer_may_not_be_so_large(browser_of: BrowserOf, town: Town) -> None:
    page = await (await browser_of(town.artyom)).open_page()
    await page.socket.send_str('{"type":"leave","id":1,"x":"' + "x" * wire.MAX_MESSAGE_BYTES + '"}')
    assert await page.close_code() == 1009


async def test_broken_utf8_closes_with_1007(browser_of: BrowserOf, town: Town) -> None:
    page = await (await browser_of(town.artyom)).open_page()
    await page.socket.send_frame(b'{"type":"\xff\xfe"}', aiohttp.WSMsgType.TEXT)
    assert await page.close_code() == 1007


async def test_binary_frames_and_nonsense_are_answered_and_then_closed_with_4422(
    browser_of: BrowserOf, town: Town
) -> None:
    page = await (await browser_of(town.artyom)).open_page()
    await page.socket.send_bytes(b"\x00\x01")
    for _ in range(5):
        await page.socket.send_str("[" * 10_000)
    assert await page.close_code() == wire.CLOSE_PROTOCOL
    assert {each.code for each in page.heard if isinstance(each, wire.Failed)} == {"bad_request"}


async def test_fragments_of_a_byte_are_put_together(browser_of: BrowserOf, town: Town) -> None:
    page = await (await browser_of(town.artyom)).open_page()
    transport = page.socket._writer.transport
    text = b'{"type":"leave","id":7}'
    for position, byte in enumerate(text):
        first, last = position == 0, position == len(text) - 1
        transport.write(bytes([(0x80 if last else 0) | (1 if first else 0), 0x81, 0, 0, 0, 0, byte]))
    failed = await page.until(wire.Failed)
    assert (failed.re, failed.code) == (7, "bad_request")


async def test_a_flood_hurts_its_sender_only(browser_of: BrowserOf, town: Town) -> None:
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    desk = await teacher.enter(town.lesson)
    bench = await (await browser_of(town.artyom)).enter(town.lesson)
    for number in range(10, 1000):
        if bench.socket.closed:
            break
        await bench.send(wire.SetView(id=number, tracks=[]))
    assert await bench.close_code() == 1008
    assert isinstance(await desk.ask(lambda number: wire.SetView(id=number, tracks=[])), wire.Done)


async def test_a_reader_that_does_not_read_is_closed_and_its_seat_waits(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LAST_WORD_SECONDS", 0.1)
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    desk = await teacher.enter(town.lesson)
    pupil = await browser_of(town.artyom)
    bench = await pupil.enter(town.lesson)
    assert bench.joined is not None
    bench.transport.pause_reading()
    (room,) = media_node.rooms
    many = [node.SlotMapping(mid=f"{number:016}", source=number) for number in range(5_000)]
    for _ in range(60):
        await media_node.say(node.SlotsMapped(room=room, participant=bench.me, connection=1, slots=many))
        assert isinstance(await desk.ask(lambda number: wire.SetView(id=number, tracks=[])), wire.Done)
    lost = await desk.until(wire.ParticipantChanged)
    assert (lost.participant.id, lost.participant.link) == (bench.me, "lost")
    again = await pupil.open_page()
    session, seq = bench.joined.session, bench.joined.snapshot.seq
    reply = await again.ask(lambda number: wire.Resume(id=number, session=session, last_seq=seq))
    assert isinstance(reply, wire.Resumed)
    bench.lose_network()


async def test_a_trickling_header_is_closed_and_holds_nobody_up(
    settings: SignalingSettings, town: Town, media_node: NodeDouble
) -> None:
    async with serving(settings, Patience(head_seconds=1.0)):
        reader, writer = await asyncio.open_connection(settings.host, settings.port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: ")
        async with Browser(settings.public_url) as browser, asyncio.timeout(5):
            await browser.sign_in(town.artyom.id)
            assert await reader.read() == b""
        writer.close()


async def test_one_address_holds_so_many_connections_and_no_more(
    settings: SignalingSettings, town: Town, media_node: NodeDouble
) -> None:
    async with serving(settings, Patience(max_per_address=3)):
        held = [await asyncio.open_connection(settings.host, settings.port) for _ in range(3)]
        reader, writer = await asyncio.open_connection(settings.host, settings.port)
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        for _, open_writer in [*held, (reader, writer)]:
            open_writer.close()


async def test_a_page_that_does_not_join_is_closed(
    browser_of: BrowserOf, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signaling.live.session.FIRST_MESSAGE_SECONDS", 0.2)
    page = await (await browser_of(town.artyom)).open_page()
    assert await page.close_code() == 1008


async def test_connections_that_go_leave_nothing(browser_of: BrowserOf, town: Town) -> None:
    browser = await browser_of(town.artyom)
    teacher = await browser_of(town.orlova)
    await teacher.start(town.lesson)
    await browser.get("/healthz", documents.Health)
    before = len(asyncio.all_tasks())
    for _ in range(20):
        page = await browser.open_page()
        await page.send(wire.Join(id=1, ticket="no", offer=an_offer(), media=wire.Media()))
        await page.socket.close()
    async with asyncio.timeout(5):
        while len(asyncio.all_tasks()) > before:
            await browser.get("/healthz", documents.Health)
