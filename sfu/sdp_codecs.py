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
    """The rtpmap, fmtp and rtcp-fb lines of one m-line."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        self._order: list[int] = []
        for text in formats:
            number = decimal(text, MAX_PAYLOAD_TYPE, "payload type")
            if number in self._order:
                raise OfferError("an m-line has a payload type twice")
            self._order.append(number)
        self._listed = frozenset(self._order)
        self._names: dict[int, str] = {}
        self._parameters: dict[int, dict[str, str]] = {}
        self._feedback: dict[int, set[str]] = {}

    def read(self, name: str, value: str) -> bool:
        """False when the attribute is not one of codecs."""
        if name not in ("rtpmap", "fmtp", "rtcp-fb"):
            return False
        number, _, rest = value.partition(" ")
        if number == "*" and name == "rtcp-fb":
            for listed in self._order:
                self._feedback.setdefault(listed, set()).add(rest.strip())
            return True
        payload_type = decimal(number, MAX_PAYLOAD_TYPE, "payload type")
        if payload_type not in self._listed:
            return True
        if name == "rtpmap":
            if payload_type in self._names:
                raise OfferError("a payload type has two rtpmap lines")
            self._names[payload_type] = rest.strip().lower()
        elif name == "fmtp":
            self._parameters.setdefault(payload_type, {}).update(_parameters(rest))
        else:
            self._feedback.setdefault(payload_type, set()).add(rest.strip())
        return True

    def chosen(self, kind: str) -> ChosenCodecs:
        if kind == "audio":
            opus = self._first("opus/48000/2")
            stereo = self._parameters.get(opus, {}).get("stereo") == "1"
            return ChosenCodecs(opus=opus, opus_stereo=stereo, feedback=frozenset(self._feedback.get(opus, ())))
        vp8 = self._first("vp8/90000") if kind == "video" else 0
        return ChosenCodecs(
            vp8=vp8, vp8_rtx=self._rtx_of(vp8) if vp8 else 0, feedback=frozenset(self._feedback.get(vp8, ()))
        )

    def _first(self, name: str) -> int:
        return next((number for number in self._order if self._names.get(number) == name), 0)

    def _rtx_of(self, payload_type: int) -> int:
        for number in self._order:
            repairs = self._parameters.get(number, {}).get("apt")
            if self._names.get(number) == "rtx/90000" and repairs == str(payload_type):
                return number
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

    def read(self, name: str, value: str) -> bool:
        """False when the attribute is not one of SSRCs."""
        if name == "ssrc":
            self._add(decimal(value.partition(" ")[0], _MAX_SSRC, "SSRC"))
        elif name == "ssrc-group":
            words = value.split(None, MAX_SSRCS + 1)
            if words[:1] == ["FID"]:
                if len(words) != 3:
                    raise OfferError("a FID group does not have two SSRCs")
                first, second = (decimal(word, _MAX_SSRC, "SSRC") for word in words[1:])
                self._add(first)
                self._add(second)
                self._repair[first] = second
        else:
            return False
        return True

    def _add(self, ssrc: int) -> None:
        if ssrc == 0:
            raise OfferError("an SSRC is 0")
        self._seen[ssrc] = None
        if len(self._seen) > MAX_SSRCS:
            raise OfferError("an m-line has more than 20 SSRCs")

    def pairs(self) -> tuple[tuple[int, int], ...]:
        repairing = set(self._repair.values())
        return tuple((ssrc, self._repair.get(ssrc, 0)) for ssrc in self._seen if ssrc not in repairing)
