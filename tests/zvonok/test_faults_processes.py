"""`kill -9` of the media node, of signaling and of both under a lesson: who is in stays in, hears again, and finds the
room as it was. Nobody touches anything; these people do what a page does by itself."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from signaling.live import messages as wire
from tests.zvonok.media_line import paces
from tests.zvonok.people_lab import School, Somebody

PACKET_S = 0.02
FIRST_HEARD = b"00000010"
# A hand is written down a quarter of a second after it was raised; this packet is said a second after.
WRITTEN_BY = b"00000050"
PARTS = ("sfu", "signaling")
NODE_BACK_S, ROOM_BACK_S, BOTH_BACK_S = 4.0, 3.0, 8.0


def now() -> float:
    return asyncio.get_running_loop().time()


@asynccontextmanager
async def talking(speaker: Somebody) -> AsyncIterator[list[bytes]]:
    """Fifty numbered packets a second; what was sent is in the list."""
    said: list[bytes] = []

    async def talk() -> None:
        while True:
            said.append(b"%08d" % len(said))
            speaker.line.send(speaker.line.sound(said[-1]))
            await paces(PACKET_S)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(talk())
        yield said
        task.cancel()


async def comes_back(somebody: Somebody) -> None:
    """As a page does: resumes again and again until there is a room, and makes new media when it is told to."""
    await somebody.page.closed.wait()
    reply = await until_resumed(somebody)
    assert isinstance(reply, wire.Resumed), reply
    if reply.media_lost:
        await follows_reset(somebody)


async def until_resumed(somebody: Somebody) -> wire.Resumed | wire.Failed:
    while True:
        try:
            return await somebody.resume()
        except (OSError, AssertionError):
            await paces(0.1)


def reoffer(offer: wire.MediaOffer) -> Callable[[int], wire.Request]:
    return lambda number: wire.Reoffer(id=number, offer=offer)


async def follows_reset(somebody: Somebody) -> None:
    """`media_unavailable` means that the node is not there yet, and that another reset follows."""
    while True:
        line = somebody.new_line()
        reply = await somebody.ask(reoffer(line.offer()))
        if isinstance(reply, wire.Reoffered):
            break
        await paces(0.1)
    await line.connect(reply.answer)
    somebody.line = line
    await somebody.does(lambda n: wire.Settle(id=n, connection=line.connection))


async def test_after_a_kill_of_the_media_node_everybody_hears_again_and_who_was_muted_does_not_speak(
    school: School,
) -> None:
    teacher, pupils = await school.teacher_in(), await school.pupils_in(4)
    muted, removed, *rest = pupils
    await teacher.does(lambda n: wire.Restrict(id=n, participant=muted.me, kind="microphone", how="closed"))
    await teacher.does(lambda n: wire.RemoveParticipant(id=n, participant=removed.me, reason="noise"))
    for one in rest:
        await one.hears(teacher, "до")
    school.kill("sfu")
    killed = now()
    for one in (teacher, muted, *rest):
        await one.page.until(wire.MediaReset)
        await follows_reset(one)
    for one in (muted, *rest):
        await one.hears(teacher, "после")
    await teacher.hears(rest[0], "после")
    assert now() - killed <= NODE_BACK_S
    for _ in range(50):
        muted.line.say("тайком")
    await muted.line.fence()
    await teacher.line.fence()
    assert teacher.line.heard_of(muted.microphone) == []
    assert teacher.page.all_of(wire.ParticipantLeft) == [
        left for left in teacher.page.all_of(wire.ParticipantLeft) if left.participant == removed.me
    ]


async def test_a_kill_of_signaling_loses_no_packet_between_two_people_and_nothing_of_the_room(school: School) -> None:
    teacher, (pupil, muted, hands_up) = await school.teacher_in(), await school.pupils_in(3)
    await pupil.hears(teacher, "до")
    await teacher.does(lambda n: wire.Restrict(id=n, participant=muted.me, kind="microphone", how="closed"))
    await hands_up.does(lambda n: wire.RaiseHand(id=n, up=True))
    await pupil.does(lambda n: wire.SendChat(id=n, key="k-1", text="до"))
    hand = (await pupil.page.until(wire.ParticipantChanged, lambda e: e.participant.hand is not None)).participant.hand
    async with talking(teacher) as said:
        await pupil.line.until(lambda: any(p.payload == WRITTEN_BY for p in pupil.line.heard))
        school.kill("signaling")
        killed = now()
        async with asyncio.TaskGroup() as group:
            for one in (teacher, pupil, muted, hands_up):
                group.create_task(comes_back(one))
        assert now() - killed <= ROOM_BACK_S
        sent = list(said)
    await teacher.line.fence()
    await pupil.line.fence()
    numbers = [p.payload for p in pupil.line.heard_of(teacher.microphone) if p.payload.isdigit()]
    assert [number for number in sent if number >= numbers[0] and number not in numbers] == []
    assert len(numbers) == len(set(numbers))
    assert numbers[0] <= FIRST_HEARD
    roster = pupil.roster()
    assert set(roster) == {one.me for one in (teacher, pupil, muted, hands_up)}
    assert roster[muted.me].rights.microphone == "closed"
    assert roster[hands_up.me].hand == hand
    assert [seat.link for seat in roster.values()] == ["here"] * 4
    await pupil.does(lambda n: wire.SendChat(id=n, key="k-1", text="до"))
    again = await (await school.person("pupil", 5, "5А")).join(school.lesson)
    assert [message.text for message in again.joined.snapshot.chat] == ["до"]
    assert [event.message.text for event in teacher.page.all_of(wire.ChatSaid)] in ([], ["до"])


async def test_a_removed_person_stays_out_through_a_kill_of_both(school: School) -> None:
    teacher, (pupil, removed) = await school.teacher_in(), await school.pupils_in(2)
    await pupil.hears(teacher, "до")
    await teacher.does(lambda n: wire.RemoveParticipant(id=n, participant=removed.me, reason="noise"))
    pids = {part: school.pid_of(part) for part in PARTS}
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    killed = now()
    for one in (teacher, pupil):
        await comes_back(one)
    await pupil.hears(teacher, "после")
    assert now() - killed <= BOTH_BACK_S
    assert teacher.joined.you in pupil.roster()
    assert pupil.roster()[teacher.me].host
    assert removed.me not in teacher.roster()
    assert (await removed.browser.refusal(school.lesson)).code == "removed"
    assert all(school.pid_of(part) != pids[part] for part in PARTS)
