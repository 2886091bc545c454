"""A child that must not outlive its parent."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that started it is gone, even by SIGKILL.

    Linux only; elsewhere nothing happens.  "Parent" is the thread that forked: call it in children
    that a main thread starts.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
