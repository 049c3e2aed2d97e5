"""The SDP that the node understands: what is taken from an offer, and the error for everything else. The
parser (`sdp_offer.py`) makes these values, the writer (`sdp_answer.py`) and `peer.py` read them. Nothing
here knows a room. An offer is a peer's text: candidates in it are counted, never resolved or dialled.
"""

from typing import Literal

import msgspec

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
HashName = Literal["sha-256", "sha-384", "sha-512"]
Setup = Literal["actpass", "active"]
Extension = Literal["mid", "rid", "repaired_rid", "audio_level", "transport_cc", "abs_send_time", "video_orientation"]
RefusalCode = Literal["bad_offer", "unknown_peer", "overloaded"]

EXTENSION_URIS: dict[Extension, str] = {
    "mid": "urn:ietf:params:rtp-hdrext:sdes:mid",
    "rid": "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "repaired_rid": "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "audio_level": "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "transport_cc": "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "abs_send_time": "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    "video_orientation": "urn:3gpp:video-orientation",
}

# A ten-slot offer of Chromium is 66 KB and 18 m-lines; four times that leaves room for other browsers, and
# still parses in a few milliseconds.
MAX_OFFER_BYTES = 256 * 1024
MAX_MEDIA_SECTIONS = 64
# Chromium writes 170 lines for a video m-line, none longer than 200 characters.
MAX_SECTION_LINES = 400
MAX_LINE_CHARS = 4096
MAX_CANDIDATES = 32
MAX_SSRCS = 20
MAX_RIDS = 3
MAX_PAYLOAD_TYPE = 127
# An SDES header extension holds 16 bytes in its one-byte form (RFC 8285 §4.2).
MAX_MID_CHARS = 16


class OfferError(Exception):
    """An offer that cannot be answered. `code` goes to the client as it is; `message` quotes nothing of the offer."""

    def __init__(self, message: str, code: RefusalCode = "bad_offer") -> None:
        super().__init__(message)
        self.code: RefusalCode = code
        self.message = message


class Fingerprint(msgspec.Struct, frozen=True):
    """Hash of a certificate (RFC 8122 §5); only the hash functions of `HashName` count."""

    algorithm: HashName
    digest: bytes


class ExtensionMapping(msgspec.Struct, frozen=True):
    """One `a=extmap` line: the id, and the direction that the offerer restricted it to, if any."""

    id: int
    direction: Direction | None


class MediaSection(msgspec.Struct, frozen=True, kw_only=True):
    """One m-line with what the node uses of it. Payload types are 0 when the offer has none of the codec.

    `rids`: those that the offerer sends, in the order of its simulcast line.
    `ssrcs`: (SSRC, RTX SSRC or 0), in the order of the offer.
    """

    kind: str
    protocol: str
    formats: tuple[str, ...]
    mid: str
    is_rejected: bool
    direction: Direction
    opus: int = 0
    opus_stereo: bool = False
    vp8: int = 0
    vp8_rtx: int = 0
    feedback: frozenset[str] = frozenset()
    extensions: dict[Extension, ExtensionMapping] = {}
    rids: tuple[str, ...] = ()
    ssrcs: tuple[tuple[int, int], ...] = ()
    msid: str = ""
    has_rtcp_rsize: bool = False

    @property
    def sends(self) -> bool:
        return self.direction in ("sendrecv", "sendonly")

    @property
    def receives(self) -> bool:
        return self.direction in ("sendrecv", "recvonly")


class ParsedOffer(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of one BUNDLE group; transport attributes are those of the group's first m-line (RFC 9143 §7.2)."""

    ufrag: str
    pwd: str
    fingerprints: tuple[Fingerprint, ...]
    setup: Setup
    sections: tuple[MediaSection, ...]
    bundled: tuple[str, ...]
    allows_mixed_extensions: bool

    def section(self, mid: str) -> MediaSection:
        """Raises OfferError when no live m-line of the group has this MID."""
        for section in self.sections:
            if section.mid == mid and not section.is_rejected and mid in self.bundled:
                return section
        raise OfferError("a MID that was named is not an m-line of the BUNDLE group")
