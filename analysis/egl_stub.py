"""Stand-ins for libEGL and libGLESv2, for machines that have neither.

mediapipe's library is linked to both for its GPU path.  On the CPU it never calls them, but without them the
loader refuses it.  `load_if_missing` writes two tiny shared objects that bear their names, where every function
that mediapipe asks for is the same one that returns 0, and loads them; the loader then finds them by name.
"""

import ctypes
import importlib.util
import mmap
import os
import platform
import struct
import sys
import tempfile
from pathlib import Path

from analysis.cache import cache_dir
from analysis.errors import AnalysisError

LIBRARIES = ("libEGL.so.1", "libGLESv2.so.2")
# machine: (ELF number, code of "return 0")
MACHINES = {
    "x86_64": (62, bytes.fromhex("31c0c3")),
    "aarch64": (183, bytes.fromhex("00008052c0035fd6")),
}
PAGE = 0x10000  # the largest page size of the two machines

_SECTION_DYNSYM = 11
_SYMBOL = struct.Struct("<IBBHQQ")


def load_if_missing() -> list[str]:
    """Load a stand-in for each of the two libraries that the system does not have; returns their names.

    Must run before mediapipe's own library is loaded.

    Raises
    ------
    AnalysisError
        ``no_egl`` on a machine for which no stand-in can be made; the text says what to install.
    """
    if not sys.platform.startswith("linux"):
        return []
    missing = [name for name in LIBRARIES if not _loads(name)]
    if not missing:
        return []
    if platform.machine() not in MACHINES:
        raise AnalysisError("no_egl", "The system libraries libEGL and libGLESv2 are missing. Please install them.")
    symbols = undefined_graphics_symbols(_mediapipe_library())
    # A folder for temporary files that somebody named is theirs to use; the system's own often forbids to run from it.
    place = os.environ.get("TMPDIR") or cache_dir()
    Path(place).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        for name in missing:
            path = Path(folder) / name
            path.write_bytes(shared_object(name, symbols, platform.machine()))
            ctypes.CDLL(str(path), mode=ctypes.RTLD_GLOBAL)
    return missing


def undefined_graphics_symbols(library: Path) -> list[str]:
    """Names beginning with ``egl`` or ``gl`` and a capital that an ELF-64 library asks others for."""
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start, size, count = (*struct.unpack_from("<Q", data, 40), *struct.unpack_from("<HH", data, 58))
        sections = [struct.unpack_from("<IIQQQQIIQQ", data, start + size * i) for i in range(count)]
        table = next(section for section in sections if section[1] == _SECTION_DYNSYM)
        strings = sections[table[6]][4]
        names = []
        for offset in range(table[4], table[4] + table[5], _SYMBOL.size):
            name_at, _, _, section, _, _ = _SYMBOL.unpack_from(data, offset)
            if section == 0:
                name = data[strings + name_at : data.find(b"\0", strings + name_at)].decode()
                if name.startswith("egl") or (name.startswith("gl") and name[2:3].isupper()):
                    names.append(name)
    return sorted(set(names))


def shared_object(soname: str, symbols: list[str], machine: str) -> bytes:
    """A whole ELF-64 shared object whose ``symbols`` are one function that returns 0.

    Layout: headers, strings, symbols, hash table and code in one read-and-execute segment; the dynamic table, which
    the loader writes to, in a second one.
    """
    number, code = MACHINES[machine]
    strings, offsets = b"\0", []
    for name in (soname, *symbols):
        offsets.append(len(strings))
        strings += name.encode() + b"\0"
    code_at = 64 + 4 * 56
    strings_at = code_at + 16
    symbols_at = _aligned(strings_at + len(strings))
    entries = _SYMBOL.pack(0, 0, 0, 0, 0, 0)
    entries += b"".join(_SYMBOL.pack(at, 0x12, 0, 1, code_at, len(code)) for at in offsets[1:])
    hash_at = _aligned(symbols_at + len(entries))
    count = len(symbols) + 1
    # One bucket, one chain through every symbol: the loader walks it.
    table = struct.pack(f"<{3 + count}I", 1, count, 1 if symbols else 0, 0, *range(2, count), *[0] * bool(symbols))
    dynamic_at = _aligned(hash_at + len(table))
    pairs = ((14, offsets[0]), (4, hash_at), (5, strings_at), (6, symbols_at), (10, len(strings)), (11, 24), (0, 0))
    dynamic = b"".join(struct.pack("<QQ", *pair) for pair in pairs)
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header += struct.pack("<HHIQQQIHHHHHH", 3, number, 1, 0, 64, 0, 0, 64, 56, 4, 64, 0, 0)
    place = (dynamic_at, dynamic_at + PAGE, dynamic_at + PAGE, len(dynamic), len(dynamic))
    segments = (
        struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, dynamic_at, dynamic_at, PAGE),  # load, read and execute
        struct.pack("<IIQQQQQQ", 1, 6, *place, PAGE),  # load, read and write
        struct.pack("<IIQQQQQQ", 2, 6, *place, 8),  # dynamic
        struct.pack("<IIQQQQQQ", 0x6474E551, 6, 0, 0, 0, 0, 0, 16),  # the stack need not be executable
    )
    body = (header + b"".join(segments) + code).ljust(strings_at, b"\0")
    for at, part in ((symbols_at, strings), (hash_at, entries), (dynamic_at, table)):
        body = (body + part).ljust(at, b"\0")
    return body + dynamic


def _aligned(offset: int) -> int:
    return -(-offset // 16) * 16


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _mediapipe_library() -> Path:
    """Find the library without importing mediapipe."""
    spec = importlib.util.find_spec("mediapipe")
    folder = Path((spec.submodule_search_locations or [""])[0]) if spec else Path()
    library = folder / "tasks" / "c" / "libmediapipe.so"
    if not library.is_file():
        raise AnalysisError("no_mediapipe", "mediapipe is not installed as expected. Please run: make install")
    return library
