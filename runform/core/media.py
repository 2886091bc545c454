"""Files for a browser: byte ranges (a video can be sought), streamed without ever holding the file in memory."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from django.core.files.base import File
from django.core.handlers.asgi import ASGIRequest
from django.db.models.fields.files import FieldFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

CHUNK_BYTES = 256 * 1024
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


@dataclass(frozen=True)
class Span:
    """Bytes ``first`` to ``last`` of a file, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


def media_response(
    request: HttpRequest, file: FieldFile, *, content_type: str, etag: str, filename: str = "", attachment: bool = False
) -> HttpResponseBase:
    """Answer GET and HEAD with the file or the one range asked for.  The caller has checked who asks."""
    if not file.storage.exists(str(file.name)):
        # The row is there and the file is not: a fault of ours (`manage.py orphans` lists them), and no crash.
        return HttpResponse(_("This file is gone."), status=410, content_type="text/plain; charset=utf-8")
    size, quoted = file.size, f'"{etag}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": quoted,
        # Private, and asked again each time: access may end at any moment.
        "Cache-Control": "private, no-cache",
        "Content-Disposition": content_disposition_header(attachment, filename) or "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if request.headers.get("If-None-Match") == quoted:
        return HttpResponseNotModified(headers=headers)
    asked = request.headers.get("Range", "")
    partial = bool(RANGE.match(asked)) and request.headers.get("If-Range", quoted) == quoted
    span = _span(asked, size) if partial else Span(0, size - 1)
    if span is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    if partial:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    headers["Content-Length"] = str(len(span))
    status = 206 if partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    content = _chunks_async(file, span) if isinstance(request, ASGIRequest) else _chunks(file, span)
    return StreamingHttpResponse(content, status=status, content_type=content_type, headers=headers)


def _span(asked: str, size: int) -> Span | None:
    match = RANGE.match(asked)
    first, last = match.groups() if match else ("", "")
    if first:
        span = Span(int(first), min(int(last), size - 1) if last else size - 1)
    elif last and int(last):
        span = Span(max(0, size - int(last)), size - 1)
    else:
        return None
    return span if span.first < size and span.first <= span.last else None


def _chunks(file: FieldFile, span: Span) -> Iterator[bytes]:
    left = len(span)
    with file.storage.open(str(file.name), "rb") as stream:
        stream.seek(span.first)
        while left > 0 and (chunk := stream.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk


async def _chunks_async(file: FieldFile, span: Span) -> AsyncIterator[bytes]:
    left = len(span)
    stream: File[bytes] = await asyncio.to_thread(file.storage.open, str(file.name), "rb")
    try:
        await asyncio.to_thread(stream.seek, span.first)
        while left > 0 and (chunk := await asyncio.to_thread(stream.read, min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
    finally:
        # Also when the browser goes away in the middle of a video.
        stream.close()
