"""Becomes the analyser, with limits and inside walls:
``python sandbox.py PARENT_PID CPU_S FILE_BYTES MEMORY_BYTES READABLE COMMAND...``.

It may write in its working folder; it may read the paths of READABLE (joined as in PATH), those that its command
names, and what the system needs to start a program.

A program of its own that imports nothing of Django: limits set between fork and exec of a process with threads are
not safe, and here they are set before the command takes this process over.
"""

import os
import resource
import runpy
import sys
from contextlib import suppress
from pathlib import Path

NICE = 10


def main() -> None:
    parent_pid, cpu_s, file_bytes, memory_bytes = (int(word) for word in sys.argv[1:5])
    readable, *command = sys.argv[5:]
    lifeline = runpy.run_path(str(Path(__file__).resolve().parents[1] / "core" / "lifeline.py"))
    walls = runpy.run_path(str(Path(__file__).with_name("walls.py")))
    lifeline["die_with_parent"]()
    if os.getppid() != parent_pid:
        sys.exit("The parent is gone already.")
    _go_behind()
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Addresses, of which libraries reserve many that they never touch.  What is touched is watched from outside;
        # this wall is for the one huge allocation between two looks.
        resource.setrlimit(resource.RLIMIT_AS, (3 * memory_bytes, 3 * memory_bytes))
    walls["build"](
        read=[*readable.split(os.pathsep), *filter(os.path.isabs, command)],
        listed=os.environ.get("PYTHONPATH", "").split(os.pathsep),
        write=[str(Path.cwd())],
    )
    os.execv(command[0], command)


def _go_behind() -> None:
    """Let everybody else go first where web and worker share processors.

    Where Linux shares them out by session ("autogroup", man 7 sched), being nice counts within the session only; so
    the session is made nice as well: it is this program's own.
    """
    os.nice(NICE)
    group = Path("/proc/self/autogroup")
    if group.exists() and os.getsid(0) == os.getpid():
        with suppress(OSError):
            group.write_text(str(NICE))


if __name__ == "__main__":
    main()
