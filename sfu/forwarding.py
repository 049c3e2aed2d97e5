"""Who gets what: the sources that may flow in a room, who is loudest, and what one peer views, turned into
the source on each of the peer's slots. Pure and without memory: what the slots carry comes in, what they
should carry goes out. `room.py` calls it for every peer whenever something changed. It knows no packets,
no layers and no rights: a source that may not flow is simply not among the sources.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sfu.messages import TrackKind

NOTHING = 0


class Source(msgspec.Struct, frozen=True):
    """A track that may flow: open at the node, from a peer that is connected."""

    number: int
    participant: str
    kind: TrackKind

    @property
    def is_audio(self) -> bool:
        return self.kind in ("microphone", "screen_sound")


class Viewer(msgspec.Struct, frozen=True):
    """One peer that receives: what it wants, most wanted first, and what its slots carry (source or 0).
    One that does not hear is given no sound."""

    participant: str
    hears: bool
    view: tuple[int, ...]
    audio_slots: tuple[int, ...]
    video_slots: tuple[int, ...]


class SlotMap(msgspec.Struct, frozen=True):
    """Source of each slot, 0 for none, in the order of the peer's slots."""

    audio: tuple[int, ...]
    video: tuple[int, ...]


def map_slots(viewer: Viewer, sources: Mapping[int, Source], loudest: Sequence[int]) -> SlotMap:
    """`loudest`: audio sources by their claim to be heard; those who are not among `sources` are skipped. Asked for
    every peer of a room of hundreds, so it looks no further than the slots go."""
    view = _foreign(viewer, viewer.view, sources, len(viewer.video_slots), audio=False)
    audible = loudest if viewer.hears else ()
    heard = _foreign(viewer, audible, sources, len(viewer.audio_slots), audio=True)
    audio = _keep_places(viewer.audio_slots, heard)
    stage = sources[view[0]].participant if view else ""
    return SlotMap(
        audio=tuple(_stage_first(audio, _microphone_of(stage, audio, sources))),
        video=tuple(_keep_places(viewer.video_slots, view)),
    )


def _foreign(
    viewer: Viewer, wanted: Iterable[int], sources: Mapping[int, Source], most: int, *, audio: bool
) -> list[int]:
    """The first of `wanted` that may flow to this viewer, each once."""
    found: list[int] = []
    for number in wanted:
        if len(found) == most:
            break
        source = sources.get(number)
        if source is None or source.participant == viewer.participant or source.is_audio != audio:
            continue
        if number not in found:
            found.append(number)
    return found


def _keep_places(current: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """`wanted` onto as many places: who has a place keeps it, the others fill what is free in their order."""
    slots = [number if number in wanted else NOTHING for number in current]
    for index, number in enumerate(slots):
        if number in slots[:index]:
            slots[index] = NOTHING
    waiting = [number for number in wanted if number not in slots]
    for index, number in enumerate(slots):
        if number == NOTHING and waiting:
            slots[index] = waiting.pop(0)
    return slots


def _microphone_of(participant: str, slots: Iterable[int], sources: Mapping[int, Source]) -> int:
    for number in slots:
        if number and sources[number].participant == participant and sources[number].kind == "microphone":
            return number
    return NOTHING


def _stage_first(slots: list[int], microphone: int) -> list[int]:
    """The first audio slot shares its stream with the first video slot (lip-sync), so the stage's voice goes there."""
    if microphone == NOTHING:
        return slots
    place = slots.index(microphone)
    slots[0], slots[place] = microphone, slots[0]
    return slots
