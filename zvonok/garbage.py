"""What the garbage collector need not look through. Called by each process when all its code is loaded."""

import gc


def keep_what_is_loaded() -> None:
    """Everything that exists now stays until the process ends, and no later collection visits it.

    A full collection stops the process for as long as it takes to visit every object: 52 ms for the hundred thousand of
    signaling's imports, again and again, and nobody is answered meanwhile.
    """
    gc.collect()
    gc.freeze()
