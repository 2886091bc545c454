"""Becomes the analyser, with limits: ``python sandbox.py PARENT_PID CPU_S FILE_BYTES MEMORY_BYTES COMMAND...``.

A program of its own that imports nothing of Django: limits set between fork and exec of a process with threads are
not safe, and here they are set before the command takes this process over.
"""

import os
import resource
import runpy
import sys
from pathlib import Path


def main() -> None:
    parent_pid, cpu_s, file_bytes, memory_bytes = (int(word) for word in sys.argv[1:5])
    command = sys.argv[5:]
    lifeline = runpy.run_path(str(Path(__file__).resolve().parents[1] / "core" / "lifeline.py"))
    lifeline["die_with_parent"]()
    if os.getppid() != parent_pid:
        sys.exit("The parent is gone already.")
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Addresses, of which libraries reserve many that they never touch.  What is touched is watched from outside;
        # this wall is for the one huge allocation between two looks.
        resource.setrlimit(resource.RLIMIT_AS, (3 * memory_bytes, 3 * memory_bytes))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
