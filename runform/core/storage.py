"""Files: hashed on the way into the storage, found on disk on the way out."""

import errno
import hashlib
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfileobj, disk_usage
from typing import IO

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.db.models.fields.files import FieldFile

CHUNK_BYTES = 1024 * 1024
RANGE_CHUNK_BYTES = 256 * 1024
# When the line to the database breaks, nobody knows whether a commit went through.  Then the files stay: better a file
# without a row, which `manage.py orphans` finds, than a row without its file.
MAYBE_COMMITTED = (OperationalError, InterfaceError)


class FileTooLargeError(Exception):
    """More bytes came than were allowed."""


class FileGoneError(Exception):
    """A row names a file that the storage does not have, or does not have at the moment."""


class StorageFullError(OSError):
    """There is no room for these bytes."""


class HashedFile(File[bytes]):
    """Hands a file on and learns its hash and size; stops at ``limit_bytes``.

    It has no ``temporary_file_path`` and cannot be sought in, so that every storage reads the bytes once, in order.
    """

    def __init__(self, source: File[bytes], limit_bytes: int, algorithm: str = "sha256") -> None:
        super().__init__(source.file, name=source.name)
        self.source = source
        self.limit_bytes = limit_bytes
        self.n_bytes = 0
        self._hash = hashlib.new(algorithm, usedforsecurity=False)

    @property
    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    def seekable(self) -> bool:
        return False

    def read(self, n: int = -1) -> bytes:
        chunk: bytes = self.source.read(n)
        self.n_bytes += len(chunk)
        if self.n_bytes > self.limit_bytes:
            raise FileTooLargeError
        self._hash.update(chunk)
        return chunk

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while chunk := self.read(chunk_size or CHUNK_BYTES):
            yield chunk


def store(name: str, file: File[bytes]) -> str:
    """Save under a name that nobody else has; a file that breaks off halfway is taken away again."""
    try:
        return default_storage.save(name, file)
    except BaseException as error:
        default_storage.delete(name)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError(error.errno, "no room in the storage") from error
        raise


def free_bytes() -> int | None:
    """How much a local storage has room for; None: it is no disk of ours."""
    try:
        folder = Path(default_storage.path(""))
    except NotImplementedError:
        return None
    while not folder.exists():
        folder = folder.parent
    return disk_usage(folder).free


def read_range(file: FieldFile, first: int, n_bytes: int) -> Generator[bytes]:
    """``n_bytes`` of the file from byte ``first`` on, in small pieces."""
    name = str(file.name)
    if not n_bytes:
        return
    if bucket := getattr(file.storage, "bucket", None):
        # Opened as a file, an object would be fetched whole before its first byte is read.
        body = bucket.Object(name).get(Range=f"bytes={first}-{first + n_bytes - 1}")["Body"]
        with closing(body):
            yield from body.iter_chunks(RANGE_CHUNK_BYTES)
        return
    with file.storage.open(name, "rb") as stream:
        stream.seek(first)
        while n_bytes > 0 and (chunk := stream.read(min(RANGE_CHUNK_BYTES, n_bytes))):
            n_bytes -= len(chunk)
            yield chunk


def open_plain(folder: Path, *names: str) -> IO[bytes]:
    """A file in ``folder``, or in a folder of it, that a process left there which read a stranger's film.

    Only a plain file of that very place is opened: not what a link leads to, for it may lead to anybody's clip or to
    the secret key.  Else OSError.
    """
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for depth, name in enumerate(names, start=1):
            if name in {"", ".", ".."} or "/" in name:
                raise OSError(errno.EINVAL, "no plain name", name)
            kind = os.O_DIRECTORY if depth < len(names) else os.O_NONBLOCK
            inner = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | kind, dir_fd=at)
            os.close(at)
            at = inner
        if not stat.S_ISREG(os.fstat(at).st_mode):
            raise OSError(errno.EINVAL, "no plain file", names[-1])
        return os.fdopen(at, "rb")
    except BaseException:
        os.close(at)
        raise


@contextmanager
def on_disk(file: FieldFile, folder: Path) -> Iterator[Path]:
    """The file as a path: itself in a local storage, else a copy in ``folder`` that the caller clears away."""
    if not file.storage.exists(str(file.name)):
        raise FileGoneError
    try:
        yield Path(file.path)
    except NotImplementedError:
        path = folder / Path(file.name or "file").name
        with file.open("rb") as source, path.open("wb") as target:
            copyfileobj(source, target, CHUNK_BYTES)
        yield path
