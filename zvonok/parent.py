"""The tie of a child process to the supervisor that started it: when that dies, the child ends too.

Called first thing by the processes that the supervisor starts. Linux only.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """SIGTERM when `parent` is gone, also when it went before this line was reached."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)
