"""What is logged of an unexpected exception: its type and the places it passed. Its text and the values of variables
may be personal, and stay out. Used where such exceptions are caught: at the borders of a room, a request, the books.
"""

import traceback
from pathlib import Path

DEEPEST_FRAMES = 12


def fault(error: BaseException) -> dict[str, object]:
    """As fields of a log line."""
    if isinstance(error, BaseExceptionGroup) and error.exceptions:
        return fault(error.exceptions[0])
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST_FRAMES:]
    at = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "at": at}
