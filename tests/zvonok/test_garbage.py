"""A full collection visits what a process has made since it was loaded, and nothing else."""

import subprocess
import sys

PROBE = """
import gc, signaling.app
from zvonok.garbage import keep_what_is_loaded
loaded = len(gc.get_objects())
keep_what_is_loaded()
ring = []
ring.append(ring)
del ring
print(loaded, len(gc.get_objects()), gc.collect())
"""


def test_what_is_loaded_is_not_visited_again_and_later_garbage_is_found() -> None:
    said = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60)
    loaded, visited, found = map(int, said.stdout.split())
    assert loaded > 10_000
    assert visited < loaded / 20
    assert found >= 1
