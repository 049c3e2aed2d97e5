"""Writes the six VP8 frames that `zvonok-load` sends: a key frame and an inter frame that changes nothing, per layer.

A flat picture encoded by libvpx, error resilient, so that one inter frame may follow itself for ever.
`vp8.rs` fills each up to the size that the layer's bitrate asks for: decoders ignore what follows the last partition.
Run from the root of the repository: `.venv/bin/python benchmarks/load/frames/make.py`.
"""

from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

LAYERS = {"q": (320, 180), "h": (640, 360), "f": (1280, 720)}
SETTLED_FRAME = 30  # by then the encoder has no residual left to send


def encode(width: int, height: int) -> tuple[bytes, bytes]:
    encoder = av.CodecContext.create("libvpx", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.framerate = width, height, "yuv420p", Fraction(30)
    encoder.options = {"error-resilient": "default", "deadline": "realtime", "lag-in-frames": "0", "auto-alt-ref": "0"}
    frames: list[bytes] = []
    for number in range(SETTLED_FRAME + 1):
        picture = VideoFrame(width, height, "yuv420p")
        for plane, value in zip(picture.planes, (110, 100, 150), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        picture.pts = number
        frames += [bytes(packet) for packet in encoder.encode(picture)]
    return frames[0], frames[SETTLED_FRAME]


def main() -> None:
    folder = Path(__file__).parent
    for name, (width, height) in LAYERS.items():
        key, inter = encode(width, height)
        (folder / f"{name}_key.vp8").write_bytes(key)
        (folder / f"{name}_inter.vp8").write_bytes(inter)


if __name__ == "__main__":
    main()
