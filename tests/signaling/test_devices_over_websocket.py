"""One person by a laptop and a tablet, through the whole process: real HTTP, real WebSockets, two browsers."""

import asyncio
from collections.abc import Callable

from sfu import messages as node
from signaling.api.context import Context
from signaling.live import messages as wire
from tests.signaling.browser import Browser, Page, an_offer
from tests.signaling.conftest import BrowserOf
from tests.signaling.node_double import NodeDouble
from tests.signaling.town import Town


async def by_two(browser_of: BrowserOf, town: Town) -> tuple[Page, Page, Page, Browser]:
    """The teacher's page, the pupil's two, and the second one's browser."""
    teacher, laptop, tablet = [await browser_of(each) for each in (town.orlova, town.artyom, town.artyom)]
    await teacher.start(town.lesson)
    desk = await teacher.enter(town.lesson)
    first = await laptop.enter(town.lesson)
    await desk.until(wire.ParticipantJoined)
    second = await tablet.enter(town.lesson, camera=False)
    return desk, first, second, tablet


def published(media_node: NodeDouble, page: Page) -> list[tuple[bool, list[node.TrackKind]]]:
    return [(peer.hears, peer.publish) for peer in media_node.peers_of(page.me)]


def turning_on(*, microphone: bool = False, camera: bool = False) -> Callable[[int], wire.Request]:
    media = wire.Media(microphone=microphone, camera=camera)
    return lambda number: wire.SetMedia(id=number, media=media)


async def the_rest_of(page: Page) -> list[wire.ServerMessage]:
    """Whatever was said until this moment and nobody has asked for."""
    await page.ask(lambda number: wire.SetView(id=number, tracks=[]))
    return page.heard


async def test_both_stay_and_the_sound_goes_where_its_person_wants_it(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble, server: Context
) -> None:
    desk, laptop, tablet, _ = await by_two(browser_of, town)
    assert laptop.me == tablet.me
    assert published(media_node, laptop) == [(True, ["microphone", "camera"]), (False, [])]
    told = await tablet.until(wire.ThisDevice)
    assert (told.others, told.sound, told.taken) == (1, False, ["microphone"])
    assert (await laptop.until(wire.ThisDevice)).others == 1
    assert await the_rest_of(desk) == []
    await tablet.ask(lambda number: wire.TakeSound(id=number))
    taken = await laptop.until(wire.ThisDevice)
    assert (taken.sound, taken.taken) == (False, ["microphone"])
    await media_node.until(lambda: published(media_node, laptop) == [(False, ["camera"]), (True, [])])
    await tablet.ask(turning_on(microphone=True, camera=True))
    assert (await laptop.until(wire.ThisDevice)).taken == ["camera"]
    await media_node.until(lambda: published(media_node, laptop) == [(False, []), (True, ["microphone", "camera"])])
    assert server.metrics.registry.get_sample_value("zvonok_participants") == 2


async def test_the_one_that_stays_hears_when_the_other_leaves(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, laptop, tablet, _ = await by_two(browser_of, town)
    await tablet.until(wire.ThisDevice)
    await laptop.ask(lambda number: wire.Leave(id=number))
    assert await laptop.close_code() == wire.CLOSE_CODES["left"]
    told = await tablet.until(wire.ThisDevice)
    assert (told.others, told.sound) == (0, True)
    await media_node.until(lambda: published(media_node, tablet) == [(True, [])])
    await tablet.ask(lambda number: wire.Leave(id=number))
    assert (await desk.until(wire.ParticipantLeft)).how == "left"


async def test_one_device_that_reconnects_is_not_a_person_who_does(browser_of: BrowserOf, town: Town) -> None:
    desk, _, tablet, browser = await by_two(browser_of, town)
    assert tablet.joined is not None
    session, seq = tablet.joined.session, tablet.joined.snapshot.seq
    tablet.lose_network()
    again = await browser.open_page()
    reply = await again.ask(lambda number: wire.Resume(id=number, session=session, last_seq=seq))
    assert reply == wire.Resumed(re=1, snapshot=None, media_lost=False)
    assert (await again.until(wire.ThisDevice)).others == 1
    assert not [each for each in await the_rest_of(desk) if isinstance(each, wire.ParticipantChanged)]


async def test_removal_reaches_both_devices_and_both_stay_out(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, laptop, tablet, browser = await by_two(browser_of, town)
    spare = await browser.ticket(town.lesson)
    await desk.send(wire.RemoveParticipant(id=50, participant=laptop.me, reason="conduct"))
    assert set(await asyncio.gather(laptop.close_code(), tablet.close_code())) == {wire.CLOSE_CODES["removed"]}
    await desk.until(wire.Done, lambda reply: reply.re == 50)
    await media_node.until(lambda: media_node.peers_of(laptop.me) == [])
    page = await browser.open_page()
    request = wire.Join(id=1, ticket=spare, offer=an_offer(), media=wire.Media(), take_over=True)
    reply = await page.ask(lambda _: request)
    assert isinstance(reply, wire.Failed)
    assert reply.code == "ticket_refused"
    assert (await browser.refusal(town.lesson)).code == "removed"


async def test_signing_out_on_one_device_leaves_the_other_in(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    _, laptop, tablet, browser = await by_two(browser_of, town)
    assert (await browser.post("/api/sign-out"))[0] == 204
    assert await tablet.close_code() == wire.CLOSE_CODES["signed_out"]
    await media_node.until(lambda: published(media_node, laptop) == [(True, ["microphone", "camera"])])
    await laptop.until(wire.ThisDevice, lambda told: told.others == 0)


async def test_how_a_line_carries_is_told_to_its_device_and_seen_by_the_others(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, laptop, tablet, _ = await by_two(browser_of, town)
    (room,) = media_node.rooms
    for connection in (2, 1):
        quality = node.LinkQuality(
            room=room, participant=laptop.me, connection=connection, quality="weak", held_back="fewer"
        )
        await media_node.say(quality)
    weak = wire.YourLink(quality="weak", held_back="fewer")
    assert await tablet.until(wire.YourLink) == await laptop.until(wire.YourLink) == weak
    assert (await desk.until(wire.ParticipantChanged)).participant.link == "weak"
    await media_node.restart()
    assert (await laptop.until(wire.YourLink)).quality == "good"


async def test_a_microphone_that_two_devices_fight_for_disturbs_nobody(
    browser_of: BrowserOf, town: Town, media_node: NodeDouble
) -> None:
    desk, laptop, tablet, _ = await by_two(browser_of, town)
    for number in range(100, 125):
        await laptop.send(wire.SetMedia(id=number, media=wire.Media(microphone=True)))
        await tablet.send(wire.TakeSound(id=number))
        await tablet.send(wire.SetMedia(id=number + 100, media=wire.Media(microphone=True)))
    await asyncio.gather(
        laptop.until(wire.Reply, lambda reply: reply.re == 124), tablet.until(wire.Reply, lambda reply: reply.re == 224)
    )
    await media_node.until(lambda: sum("microphone" in each for _, each in published(media_node, laptop)) <= 1)
    assert sorted(hears for hears, _ in published(media_node, laptop)) == [False, True]
    assert len([each for each in await the_rest_of(desk) if isinstance(each, wire.ParticipantChanged)]) <= 12
