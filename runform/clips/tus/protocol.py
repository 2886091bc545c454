"""tus 1.0 (https://tus.io/protocols/resumable-upload): what stands in its headers."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
ALGORITHMS = {"sha256": 32, "sha1": 20}
PART_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460


class BadHeaderError(Exception):
    """A header that tus does not know how to read."""


@dataclass(frozen=True)
class Checksum:
    """Of the first ``n_bytes``; of a body that broke off it says nothing."""

    algorithm: str
    hexdigest: str
    n_bytes: int


def speaks_tus(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Every answer names the version, and a client of another one is refused; unreadable headers are a 400."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "OPTIONS":
            response = capabilities()
        elif request.headers.get("Tus-Resumable") != VERSION:
            response = HttpResponse(status=412, headers={"Tus-Version": VERSION})
        else:
            try:
                response = view(request, *args, **kwargs)
            except BadHeaderError as error:
                response = HttpResponse(str(error), status=400, content_type="text/plain")
        response.headers["Tus-Resumable"] = VERSION
        return response

    return wrapped


def capabilities() -> HttpResponse:
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.LIMITS.clip_bytes),
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
    }
    return HttpResponse(status=204, headers=headers)


def progress_headers(offset_bytes: int, expires_at: datetime) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset_bytes),
        "Upload-Expires": http_date(expires_at.timestamp()),
        "Cache-Control": "no-store",
    }


def method_of(request: HttpRequest) -> str:
    """Some proxies let nothing through but GET and POST."""
    return request.headers.get("X-HTTP-Method-Override", str(request.method)).upper()


def whole_number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadHeaderError(f"{header} must be a whole number.")
    return int(text)


def metadata(request: HttpRequest) -> dict[str, str]:
    """``Upload-Metadata: filename bXkuTU9W,view c2lkZQ==,empty``."""
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise BadHeaderError("Upload-Metadata must be base64 of UTF-8.") from error
    return found


def checksum(request: HttpRequest) -> Checksum | None:
    """``Upload-Checksum: sha256 <base64>``."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise BadHeaderError("Upload-Checksum must be base64.") from error
    if ALGORITHMS.get(algorithm) != len(digest) or algorithm not in hashlib.algorithms_available:
        raise BadHeaderError("Upload-Checksum: unknown algorithm.")
    return Checksum(algorithm, digest.hex(), whole_number(request, "Content-Length"))
