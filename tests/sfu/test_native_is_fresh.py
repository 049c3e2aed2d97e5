"""A changed Rust file is never tested with a stale library: the digest compiled into it is that of the tree."""

from pathlib import Path

from sfu.packetpath import SOURCE_DIGEST

NATIVE = Path(__file__).parents[2] / "sfu" / "native"
FILES = ("Cargo.lock", "Cargo.toml", "build.rs", "core/Cargo.toml")
FOLDERS = ("core/src", "src")


def digest(root: Path) -> str:
    """FNV-1a of every file's path and content, each ended by a zero byte, as `sfu/native/build.rs` says."""
    names = [
        *FILES,
        *(path.relative_to(root).as_posix() for folder in FOLDERS for path in root.glob(f"{folder}/**/*.rs")),
    ]
    value = 0xCBF29CE484222325
    for name in sorted(names, key=str.encode):
        for byte in name.encode() + b"\0" + (root / name).read_bytes() + b"\0":
            value = (value ^ byte) * 0x100000001B3 % 2**64
    return f"{value:016x}"


def test_the_library_was_built_from_the_sources_in_the_tree() -> None:
    assert digest(NATIVE) == SOURCE_DIGEST, "the native library is stale: run `make native`"
