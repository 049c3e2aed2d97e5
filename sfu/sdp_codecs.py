"""What one m-line says of codecs and SSRCs, gathered line by line for `sdp_offer.py`: the node uses Opus,
VP8 and the RTX that belongs to that VP8, and takes the first of each in the offerer's order. It must not
know of transports or of other m-lines.
"""

import msgspec

from sfu.sdp import MAX_PAYLOAD_TYPE, MAX_SSRCS, OfferError

_MAX_SSRC = 2**32 - 1


def decimal(text: str, largest: int, what: str) -> int:
    """A number as SDP writes it: ASCII digits only, so no sign, space or other script (int() takes them all)."""
    if not 0 < len(text) <= 10 or not text.isascii() or not text.isdigit() or (number := int(text)) > largest:
        raise OfferError(f"a {what} is not a number up to {largest}")
    return number


class ChosenCodecs(msgspec.Struct, frozen=True, kw_only=True):
    opus: int = 0
    opus_stereo: bool = False
    vp8: int = 0
    vp8_rtx: int = 0
    feedback: frozenset[str] = frozenset()


class CodecLines:
    """The rtpmap, fmtp and rtcp-fb lines of one m-line. They are most of an offer, so a line is looked at closely
    only when its codec is one of the chosen."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        self._order = formats
        self._listed = frozenset(formats)
        if len(self._listed) != len(formats):
            raise OfferError("an m-line has a payload type twice")
        for text in formats:
            decimal(text, MAX_PAYLOAD_TYPE, "payload type")
        self._names: dict[str, str] = {}
        self._parameters: dict[str, str] = {}
        self._feedback: dict[str, set[str]] = {}

    def read(self, name: str, value: str) -> None:
        """`name`: rtpmap, fmtp or rtcp-fb."""
        number, _, rest = value.partition(" ")
        if number not in self._listed and number != "*":
            decimal(number, MAX_PAYLOAD_TYPE, "payload type")
        elif name == "rtpmap":
            if number in self._names:
                raise OfferError("a payload type has two rtpmap lines")
            self._names[number] = rest
        elif name == "fmtp":
            self._parameters[number] = rest
        else:
            self._feedback.setdefault(number, set()).add(rest)

    def chosen(self, kind: str) -> ChosenCodecs:
        if kind == "audio":
            opus = self._first("opus/48000/2")
            stereo = _parameters(self._parameters.get(opus, "")).get("stereo") == "1"
            return ChosenCodecs(opus=int(opus or 0), opus_stereo=stereo, feedback=self._feedback_of(opus))
        vp8 = self._first("vp8/90000") if kind == "video" else ""
        return ChosenCodecs(vp8=int(vp8 or 0), vp8_rtx=self._rtx_of(vp8), feedback=self._feedback_of(vp8))

    def _first(self, name: str) -> str:
        return next((number for number in self._order if self._names.get(number, "").strip().lower() == name), "")

    def _feedback_of(self, number: str) -> frozenset[str]:
        if not number:
            return frozenset()
        lines = self._feedback.get(number, set()) | self._feedback.get("*", set())
        return frozenset(line.strip() for line in lines)

    def _rtx_of(self, number: str) -> int:
        for repairing in self._order:
            if number and self._names.get(repairing, "").strip().lower() == "rtx/90000":
                repaired = _parameters(self._parameters.get(repairing, "")).get("apt")
                if repaired == number:
                    return int(repairing)
        return 0


def _parameters(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.strip().partition("=")
        pairs[name.lower()] = value
    return pairs


class SsrcLines:
    """The ssrc and ssrc-group lines of one m-line."""

    def __init__(self) -> None:
        self._seen: dict[int, None] = {}
        self._repair: dict[int, int] = {}

    def read(self, name: str, value: str) -> None:
        """`name`: ssrc or ssrc-group."""
        if name == "ssrc":
            self._add(decimal(value.partition(" ")[0], _MAX_SSRC, "SSRC"))
            return
        words = value.split(None, MAX_SSRCS + 1)
        if words[:1] == ["FID"]:
            if len(words) != 3:
                raise OfferError("a FID group does not have two SSRCs")
            first, second = (decimal(word, _MAX_SSRC, "SSRC") for word in words[1:])
            self._add(first)
            self._add(second)
            self._repair[first] = second

    def _add(self, ssrc: int) -> None:
        if ssrc == 0:
            raise OfferError("an SSRC is 0")
        self._seen[ssrc] = None
        if len(self._seen) > MAX_SSRCS:
            raise OfferError("an m-line has more than 20 SSRCs")

    def pairs(self) -> tuple[tuple[int, int], ...]:
        repairing = set(self._repair.values())
        return tuple((ssrc, self._repair.get(ssrc, 0)) for ssrc in self._seen if ssrc not in repairing)
