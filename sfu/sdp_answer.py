"""Writer of answers, called by `peer.py` with a parsed offer and what was decided about it: which MIDs are
received, which are slots, and this end's transport. Same input, same text; no I/O, no randomness. The shape
is the one that Chromium, Firefox and aiortc were seen to accept: one m-line for each of the offer's in its
order, a fixed SSRC (and FID pair) in every slot, the transport repeated in every m-line.
"""

import ipaddress
from collections.abc import Iterator, Sequence

import msgspec

from sfu.sdp import EXTENSION_URIS, Extension, Fingerprint, MediaSection, ParsedOffer

CNAME = "zvonok"
STAGE = "stage"

# Chromium and Firefox answer with REMB only where transport-cc is not negotiated, so slots leave it out.
_RECEIVED_FEEDBACK = ("transport-cc", "goog-remb", "ccm fir", "nack", "nack pli")
_SLOT_FEEDBACK = ("goog-remb", "ccm fir", "nack", "nack pli")
_RECEIVED_EXTENSIONS: tuple[Extension, ...] = (
    "mid",
    "rid",
    "repaired_rid",
    "audio_level",
    "transport_cc",
    "abs_send_time",
    "video_orientation",
)
_SLOT_EXTENSIONS: tuple[Extension, ...] = ("mid", "audio_level", "abs_send_time", "video_orientation")
_REVERSED = {"sendonly": "/recvonly", "recvonly": "/sendonly", "inactive": "/inactive", "sendrecv": "", None: ""}
# Type preferences of host candidates (RFC 8445 §5.1.2.2): TCP stands after UDP, and is there where UDP is not.
_UDP_PREFERENCE, _TCP_PREFERENCE = 126, 90
# RFC 6544 §4.2: direction preference of a passive candidate, the best that one of ours has.
_PASSIVE_PREFERENCE = 4


class SlotLine(msgspec.Struct, frozen=True):
    """A slot as the answer declares it. `rtx_ssrc` is 0 for audio, and for video whose offer has no RTX.
    `stream`: tracks of one stream are played in sync, so only what belongs together shares it."""

    ssrc: int
    rtx_ssrc: int
    stream: str


class LocalTransport(msgspec.Struct, frozen=True, kw_only=True):
    """This end. `version` grows with every answer of one peer (RFC 9429 §5.3.1)."""

    ufrag: str
    pwd: str
    fingerprint: Fingerprint
    addresses: tuple[str, ...]
    port: int
    session_id: int
    version: int


def write_answer(offer: ParsedOffer, local: LocalTransport, received: Sequence[str], slots: dict[str, SlotLine]) -> str:
    """`received`: MIDs that may send to us; `slots`: by MID, what we send. Every other m-line is rejected."""
    accepted = [mid for mid in offer.bundled if mid in received or mid in slots]
    lines = [
        "v=0",
        f"o=- {local.session_id} {local.version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(accepted)}",
        "a=msid-semantic: WMS *",
    ]
    if offer.allows_mixed_extensions:
        lines.append("a=extmap-allow-mixed")
    for section in offer.sections:
        if section.mid not in accepted or section.is_rejected:
            lines += _rejected(section)
        elif section.mid in slots:
            lines += _slot(section, slots[section.mid], local)
        else:
            lines += _received(section, local)
    return "\r\n".join(lines) + "\r\n"


def _rejected(section: MediaSection) -> list[str]:
    return [
        f"m={section.kind} 0 {section.protocol} {section.formats[0]}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=inactive",
    ]


def _slot(section: MediaSection, slot: SlotLine, local: LocalTransport) -> list[str]:
    lines = list(_opening(section, local, "sendonly" if section.receives else "inactive"))
    lines += _extensions(section, _SLOT_EXTENSIONS)
    lines += _codecs(section, _SLOT_FEEDBACK)
    lines.append(f"a=msid:{slot.stream} {section.mid}")
    if slot.rtx_ssrc:
        lines.append(f"a=ssrc-group:FID {slot.ssrc} {slot.rtx_ssrc}")
    for ssrc in (slot.ssrc, slot.rtx_ssrc):
        if ssrc:
            lines.append(f"a=ssrc:{ssrc} cname:{CNAME}")
    return lines + _candidates(local)


def _received(section: MediaSection, local: LocalTransport) -> list[str]:
    lines = list(_opening(section, local, "recvonly" if section.sends else "inactive"))
    lines += _extensions(section, _RECEIVED_EXTENSIONS)
    lines += _codecs(section, _RECEIVED_FEEDBACK)
    lines += [f"a=rid:{rid} recv" for rid in section.rids]
    if section.rids:
        lines.append(f"a=simulcast:recv {';'.join(section.rids)}")
    return lines + _candidates(local)


def _opening(section: MediaSection, local: LocalTransport, direction: str) -> Iterator[str]:
    payload_types = [number for number in (section.opus, section.vp8, section.vp8_rtx) if number]
    yield f"m={section.kind} 9 {section.protocol} {' '.join(map(str, payload_types))}"
    yield "c=IN IP4 0.0.0.0"
    yield f"a=mid:{section.mid}"
    yield f"a=ice-ufrag:{local.ufrag}"
    yield f"a=ice-pwd:{local.pwd}"
    yield f"a=fingerprint:{local.fingerprint.algorithm} {local.fingerprint.digest.hex(':').upper()}"
    # Passive for a restart too: Chromium refuses a change of the role while the association lives.
    yield "a=setup:passive"
    yield "a=rtcp-mux"
    if section.has_rtcp_rsize:
        yield "a=rtcp-rsize"
    yield f"a={direction}"


def _extensions(section: MediaSection, allowed: Sequence[Extension]) -> list[str]:
    lines = []
    for name in allowed:
        mapping = section.extensions.get(name)
        if mapping is not None:
            lines.append(f"a=extmap:{mapping.id}{_REVERSED[mapping.direction]} {EXTENSION_URIS[name]}")
    return lines


def _codecs(section: MediaSection, allowed: Sequence[str]) -> list[str]:
    if section.opus:
        stereo = ";stereo=1;sprop-stereo=1" if section.opus_stereo else ""
        lines = [
            f"a=rtpmap:{section.opus} opus/48000/2",
            f"a=fmtp:{section.opus} minptime=10;useinbandfec=1{stereo}",
        ]
        if "transport-cc" in section.feedback and "transport-cc" in allowed:
            lines.append(f"a=rtcp-fb:{section.opus} transport-cc")
        return lines
    lines = [f"a=rtpmap:{section.vp8} VP8/90000"]
    lines += [f"a=rtcp-fb:{section.vp8} {name}" for name in allowed if name in section.feedback]
    if section.vp8_rtx:
        lines += [f"a=rtpmap:{section.vp8_rtx} rtx/90000", f"a=fmtp:{section.vp8_rtx} apt={section.vp8}"]
    return lines


def _candidates(local: LocalTransport) -> list[str]:
    """Over UDP, then passive ones over TCP (RFC 6544 §4.5), all on one port, in the order of configuration."""
    addresses = [ipaddress.ip_address(text) for text in local.addresses]
    lines = [
        _candidate(number + 1, "udp", _UDP_PREFERENCE, 65535 - number) + f" {address} {local.port} typ host"
        for number, address in enumerate(addresses)
    ]
    lines += [
        _candidate(len(addresses) + number + 1, "tcp", _TCP_PREFERENCE, (_PASSIVE_PREFERENCE << 13) + 8191 - number)
        + f" {address} {local.port} typ host tcptype passive"
        for number, address in enumerate(addresses)
    ]
    return [*lines, "a=end-of-candidates"]


def _candidate(foundation: int, protocol: str, type_preference: int, local_preference: int) -> str:
    """Component 1 (RFC 8445 §5.1.2.1)."""
    priority = type_preference << 24 | local_preference << 8 | 255
    return f"a=candidate:{foundation} 1 {protocol} {priority}"
