"""A pupil by a laptop and a tablet, for the tests of devices: how it comes to that, and what is to be seen of it."""

from signaling.live import commands
from signaling.live import messages as wire
from tests.signaling.classroom import Classroom, a_person

ORLOVA, ARTYOM, RYABOV = a_person("Орлова", "teacher"), a_person("Артём"), a_person("Рябов", "observer")
TABLET, PHONE = "-tablet", "-phone"
CAMERA = wire.Media(camera=True)
NOTHING = wire.Media()
BOTH_ON = wire.Media(microphone=True, camera=True)


def by_two(media: wire.Media = NOTHING) -> tuple[Classroom, commands.Link, commands.Link, commands.Link]:
    """The teacher; a pupil with everything on by a laptop, and then by a tablet too. Nobody remembers a word."""
    room = Classroom()
    desk, laptop = room.join(ORLOVA), room.join(ARTYOM)
    tablet = room.join(ARTYOM, media=media, browser=TABLET)
    room.said.clear()
    return room, desk, laptop, tablet


def publish(room: Classroom, person: commands.Person = ARTYOM) -> list[list[wire.TrackKind]]:
    return [peer.publish for peer in room.peers_of(person)]


def hears(room: Classroom) -> list[bool]:
    return [peer.hears for peer in room.peers_of(ARTYOM)]


def this_device(room: Classroom, link: commands.Link) -> list[tuple[int, bool, list[wire.TrackKind]]]:
    return [(each.others, each.sound, each.taken) for each in room.events(link, wire.ThisDevice)]


def turn_on(number: int, **on: bool) -> wire.SetMedia:
    return wire.SetMedia(id=number, media=wire.Media(**on))


def mute(room: Classroom, number: int) -> wire.Restrict:
    return wire.Restrict(id=number, participant=room.id_of(ARTYOM), kind="microphone", how="off")
