"""Walls around this process and its children, as far as Linux lets an ordinary user build them.

A film is a stranger's file and its decoder is the largest piece of C that we run.  Should one break the other, it
finds no network, no database, no other person's clip and no process to talk to.  Where the kernel cannot (or the
system is no Linux), ``build`` returns the names of the walls that stand, and the limits of the sandbox still hold.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable

_NO_NEW_PRIVILEGES, _SECCOMP, _SECCOMP_FILTER = 38, 22, 2

# Landlock, the same numbers on every machine: kernel documentation, userspace-api/landlock.
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE, _READ, _LIST = 1, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_FILE = _EXECUTE | _WRITE | _READ | _TRUNCATE | _IOCTL
_NETWORK, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals

# What every program needs to start: libraries, Python, the clock, the machine's own description.
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/sys", "/dev")
_PROC = ("self", "cpuinfo", "meminfo", "stat", "sys/kernel", "sys/vm")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/shm")

# machine: (audit number, socket, io_uring_setup, setpgid, setsid)
_CALLS = {"x86_64": (0xC000003E, 41, 425, 109, 112), "aarch64": (0xC00000B7, 198, 425, 154, 157)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | 13  # EACCES


def build(*, read: Iterable[str], listed: Iterable[str], write: Iterable[str]) -> list[str]:
    """From now on nothing is read but ``read`` and the system, nothing written but ``write``, and nobody called.

    Of ``listed`` folders the names show, not the content.
    """
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    places = {
        "read": [*read, *_SYSTEM, sys.prefix, sys.base_prefix],
        "list": list(listed),
        "write": [*write, *_DEVICES],
    }
    return [name for name, stands in (("files", _files(libc, places)), ("network", _network(libc))) if stands]


def _files(libc: ctypes.CDLL, places: dict[str, list[str]]) -> bool:
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    handled = (1 << (13 if version < 2 else 14 if version < 3 else 15 if version < 5 else 16)) - 1
    rules = struct.pack("QQQ", handled, _NETWORK, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(_CREATE, rules, ctypes.c_size_t(len(rules)), 0)
    if ruleset < 0:
        return False
    rights = {"read": _READ | _LIST | _EXECUTE, "list": _LIST, "write": handled & ~_EXECUTE}
    for kind, paths in places.items():
        for path in paths:
            _allow(libc, ruleset, path, rights[kind] & handled)
    closed = bool(libc.syscall(_RESTRICT, ruleset, 0) == 0)
    os.close(ruleset)
    return closed


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        at = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # what is not there needs no door
    rights &= -1 if os.path.isdir(path) else _FILE  # noqa: PTH112 - started before every import that is not needed
    libc.syscall(_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, at), 0)
    os.close(at)


def _network(libc: ctypes.CDLL) -> bool:
    """No socket of any kind: the database and the broker listen on local ones.  And nobody leaves the group of
    processes that ends with the job."""
    if platform.machine() not in _CALLS:
        return False
    machine, *denied = _CALLS[platform.machine()]
    deny = 5 + len(denied)  # the last instruction; jumps are counted from the one after the jump
    program = [
        (_LOAD, 0, 0, 4),  # the calling convention: only our own
        (_EQUAL, 0, deny - 2, machine),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, deny - 4, 0, 0x40000000),  # x32
        *[(_EQUAL, deny - at - 1, 0, number) for at, number in enumerate(denied, start=4)],
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    kept = ctypes.create_string_buffer(code, len(code))
    filters = struct.pack("HxxxxxxP", len(program), ctypes.addressof(kept))
    return bool(libc.prctl(_SECCOMP, _SECCOMP_FILTER, filters, 0, 0) == 0)
