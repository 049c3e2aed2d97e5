"""Where IPv4 or IPv6 is broken the lesson goes over the other, also in the smallest packets that IPv6 knows."""

from contextlib import AsyncExitStack

import pytest

from tests.e2e.browsers import clock
from tests.e2e.chromium import chromium_in
from tests.e2e.classroom import Classroom
from tests.e2e.demo_school import DemoSchool
from tests.e2e.firewall import Family, Firewall
from tests.e2e.network import Network, needs_root

pytestmark = [needs_root, pytest.mark.timeout(120)]

JOINED_WITHIN_S = 8.0
SMALLEST_MTU = "1280"  # RFC 8200 §5
USED = """(await Promise.all(zvonokTest.peers.map(async (peer) => {
    const all = await peer.getStats();
    const transport = [...all.values()].find(({ type }) => type === 'transport');
    return all.get(all.get(transport.selectedCandidatePairId).remoteCandidateId).address;
  }))).join()"""


@pytest.mark.parametrize(("broken", "mark"), [("ipv4", ":"), ("ipv6", ".")])
async def test_a_lesson_goes_over_the_family_that_works(broken: Family, mark: str) -> None:
    async with AsyncExitStack() as stack:
        network = await Network.make()
        stack.push_async_callback(network.close)
        await network.ip("addr", "add", "2001:db8::2/64", "dev", "card", "nodad")
        for way in ("2001:db8::1", "192.0.2.1"):
            await network.ip("route", "add", "default", "via", way, "dev", "card")
        await network.ip("link", "set", "lo", "mtu", SMALLEST_MTU)
        school = await DemoSchool.start(inside=network.inside)
        stack.push_async_callback(school.stop)
        await Firewall(network, school.media_port).close(broken)
        browser = await stack.enter_async_context(chromium_in(network))
        room = await stack.enter_async_context(Classroom(school))
        teacher = await room.teacher_starts(browser)
        pupil = await room.pupil_joins(browser, 0)
        began = clock()
        await room.everybody_sees(room.teacher, room.pupil(0))
        assert clock() - began < JOINED_WITHIN_S
        for tab in (teacher, pupil):
            assert mark in await tab.evaluate(f"(async () => {USED})()")
