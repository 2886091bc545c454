"""The storage as a folder.  No file is ever changed under its name: what an earlier backup has is not read again."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage

from runform.core.storage import CHUNK_BYTES, HashedFile
from runform.core.trees import file_names

MEDIA = "media"
# Name to size and sha256.
Files = dict[str, tuple[int, str]]


class DamagedError(Exception):
    """The text is for the person at the terminal."""


@dataclass
class Copied:
    files: Files
    # How many had to be read and written.
    n_new: int = 0


def copy_out(folder: Path, earlier: Files) -> Copied:
    """Bring ``folder/media`` up to the storage, and say what is in it."""
    copied = Copied({})
    for name in file_names():
        try:
            n_bytes = default_storage.size(name)
            kept = earlier.get(name)
            if kept and kept[0] == n_bytes and (folder / MEDIA / name).is_file():
                copied.files[name] = kept
                continue
            copied.files[name] = _fetch(name, folder / MEDIA / name)
            copied.n_new += 1
        except FileNotFoundError:
            continue  # deleted since it was listed
    return copied


def copy_in(folder: Path, files: Files) -> int:
    """Put all files into the storage, each under its own name.  How many were not there yet."""
    n_new = 0
    for name, (n_bytes, sha256) in files.items():
        if default_storage.exists(name):
            if default_storage.size(name) == n_bytes:
                continue
            default_storage.delete(name)
        with (folder / MEDIA / name).open("rb") as stream:
            hashed = HashedFile(File(stream, name=name), n_bytes)
            default_storage.save(name, hashed)
        if hashed.hexdigest != sha256:
            default_storage.delete(name)
            raise DamagedError(f"{name} is not as it was when the backup was made.")
        n_new += 1
    return n_new


def missing(folder: Path, files: Files) -> list[str]:
    return [name for name, (n_bytes, _) in files.items() if _size(folder / MEDIA / name) != n_bytes]


def forget(folder: Path, wanted: set[str]) -> None:
    """Delete what no backup in the folder refers to any more."""
    for path in [path for path in (folder / MEDIA).rglob("*") if path.is_file()]:
        if path.relative_to(folder / MEDIA).as_posix() not in wanted:
            path.unlink()


def _fetch(name: str, target: Path) -> tuple[int, str]:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    sha256 = hashlib.sha256()
    with default_storage.open(name, "rb") as source, partial.open("wb") as copy:
        for chunk in source.chunks(CHUNK_BYTES):
            sha256.update(chunk)
            copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
    partial.replace(target)
    return target.stat().st_size, sha256.hexdigest()


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
