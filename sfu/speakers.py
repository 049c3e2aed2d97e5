"""Levels of a room's audio sources (RFC 6464, every 50 ms) turned into the few who are forwarded and the
marks of who speaks. Takes `now`, keeps a few numbers per source, does nothing else. `room.py` feeds it and
asks. A louder one is let in at once, so that first syllables are heard; somebody has to go only when there
are more than `FORWARDED` and by a clear margin.
"""

from collections.abc import Iterable, Sequence

import msgspec

FORWARDED = 4
# Voice by level alone: quieter than −50 dBov is breath, keys and fans in the recordings of headsets.
VOICE_DBOV = 50
SILENT_DBOV = 127
SPEAKING_AFTER_S = 0.15
SPEAKING_HOLD_S = 0.6
# Levels come every 50 ms; a gap of more than two of them ends an utterance's beginning.
_ONSET_GAP_S = 0.12
# Who spoke keeps the place through a breath or the end of a sentence; a longer time makes an interruption late.
PLACE_HOLD_S = 2.0
# How much louder one must be to push out somebody who still speaks.
MARGIN_DB = 6.0
_FALL_DB_PER_S = 20.0
# A source that is not heard of is dropped: closed, muted or gone.
_FORGET_AFTER_S = 5.0


class _Voice(msgspec.Struct):
    loudness_db: float
    updated_at: float
    onset_at: float
    voice_at: float

    def at(self, now: float) -> float:
        """Loudness that falls slowly, so that the gaps between words do not count as silence."""
        return max(0.0, self.loudness_db - _FALL_DB_PER_S * (now - self.updated_at))


_NEVER = float("-inf")


class Speakers:
    def __init__(self) -> None:
        self._voices: dict[int, _Voice] = {}
        self._forwarded: list[int] = []

    def observe(self, levels: Iterable[tuple[int, int]], now: float) -> None:
        """`levels`: (source, −dBov); sources without a level have been silent since the last call."""
        for source, level in levels:
            voice = self._voices.setdefault(source, _Voice(0.0, now, now, _NEVER))
            if level <= VOICE_DBOV:
                if now - voice.voice_at > _ONSET_GAP_S:
                    voice.onset_at = now
                voice.voice_at = now
            voice.loudness_db = max(float(SILENT_DBOV - level), voice.at(now))
            voice.updated_at = now
        self._forget(now)
        for source in self._voices:
            if source not in self._forwarded:
                self._admit(source, now)

    def remove(self, source: int) -> None:
        self._voices.pop(source, None)
        if source in self._forwarded:
            self._forwarded.remove(source)

    def _forget(self, now: float) -> None:
        for source in [s for s, voice in self._voices.items() if now - voice.updated_at > _FORGET_AFTER_S]:
            self.remove(source)

    def _admit(self, source: int, now: float) -> None:
        if len(self._forwarded) < FORWARDED:
            self._forwarded.append(source)
            return
        challenger = self._voices[source]
        if now - challenger.voice_at > _ONSET_GAP_S:
            return
        weakest = min(self._forwarded, key=lambda member: self._claim(member, now))
        held = now - self._voices[weakest].voice_at <= PLACE_HOLD_S
        margin = MARGIN_DB if held else 0.0
        if challenger.at(now) > self._voices[weakest].at(now) + margin:
            self._forwarded[self._forwarded.index(weakest)] = source

    def _claim(self, source: int, now: float) -> tuple[bool, float]:
        voice = self._voices[source]
        return now - voice.voice_at <= PLACE_HOLD_S, voice.at(now)

    def loudest(self) -> Sequence[int]:
        """At most four sources to forward; the order is that of their places and says nothing."""
        return tuple(self._forwarded)

    def speaking(self, now: float) -> list[int]:
        """Sources with voice, loudest first: from 150 ms after its beginning until 600 ms after its end."""
        audible = [
            source
            for source, voice in self._voices.items()
            if now - voice.voice_at <= SPEAKING_HOLD_S and voice.voice_at - voice.onset_at >= SPEAKING_AFTER_S - 1e-6
        ]
        return sorted(audible, key=lambda source: (-self._voices[source].at(now), source))
