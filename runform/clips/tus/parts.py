"""The bytes of an upload: one file in the storage for each request that brought some.

A part is never changed once it is written.  So two requests at the same place cannot spoil each other's bytes, a killed
server leaves at most a part that no row names, and a local folder and S3 are the same thing.
"""

import io
import uuid
from contextlib import suppress
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.http import HttpRequest, UnreadablePostError

from runform.clips.models import Upload


class Arriving(File[bytes]):
    """The body of a request.  When the line breaks, it ends where the bytes do."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(io.BytesIO(), name="part")
        self.request = request

    def read(self, n: int = -1) -> bytes:
        try:
            return self.request.read(n)
        except UnreadablePostError:
            return b""


class Joined(File[bytes]):
    """All parts of an upload, one after the other, as one file that is read once."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(io.BytesIO(), name=upload.original_name)
        self.size = upload.size_bytes
        self._left = list(upload.parts)
        self._part: Any = None

    def read(self, n: int = -1) -> bytes:
        while True:
            if self._part is None:
                if not self._left:
                    return b""
                self._part = default_storage.open(self._left.pop(0), "rb")
            if chunk := bytes(self._part.read(n)):
                return chunk
            self.close()

    def close(self) -> None:
        if self._part is not None:
            self._part.close()
            self._part = None


def folder(upload: Upload) -> str:
    return f"uploads/{upload.athlete.code}/{upload.code}"


def new_name(upload: Upload, offset_bytes: int) -> str:
    return f"{folder(upload)}/{offset_bytes:015d}-{uuid.uuid4().hex}"


def clear(upload: Upload) -> None:
    """Everything of an upload, also parts that a killed server had not named yet."""
    for name in names(upload):
        default_storage.delete(name)
    # A local storage would keep the empty folder; where a late part has just come, its writer takes it away.
    with suppress(OSError):
        default_storage.delete(folder(upload))


def names(upload: Upload) -> list[str]:
    try:
        return [f"{folder(upload)}/{name}" for name in default_storage.listdir(folder(upload))[1]]
    except FileNotFoundError:
        return []
