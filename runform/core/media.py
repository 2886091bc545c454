"""Files for a browser: byte ranges (a video can be sought), streamed without ever holding the file in memory.

Their addresses are signed for the one who was shown them and end after some hours.  That comes on top of the view's own
check, which is made at each request: what is withdrawn is gone at once.
"""

import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.core.signing import BadSignature, Signer
from django.db.models.fields.files import FieldFile
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from runform.core.storage import read_range
from runform.core.stream import in_threads

SIGNER = Signer(salt="runform.media")
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


@dataclass(frozen=True)
class Span:
    """Bytes ``first`` to ``last`` of a file, both included."""

    first: int
    last: int

    def __len__(self) -> int:
        return self.last - self.first + 1


def media_url(request: HttpRequest, path: str) -> str:
    """The path as an address that opens for who is shown it now.  It stays the same for hours: browsers keep files."""
    step_s = settings.LIMITS.media_url_s
    until = (int(time.time()) // step_s + 2) * step_s
    key = SIGNER.signature(_signed(request, path, str(until)))
    return f"{path}?{urlencode({'until': until, 'key': key})}"


def holder_is(request: HttpRequest, holder: str) -> None:
    """Whoever asks is known by something else than their login: a shared link."""
    request.media_holder = holder  # type: ignore[attr-defined]


def _signed(request: HttpRequest, path: str, until: str) -> str:
    return f"{getattr(request, 'media_holder', request.user.pk)} {path} {until}"


def _renewed(request: HttpRequest) -> HttpResponseBase | None:
    """Nothing for an address that holds, a fresh one for an old one that an open page of ours asks for; else none."""
    until, key = request.GET.get("until", ""), request.GET.get("key", "")
    try:
        SIGNER.unsign(f"{_signed(request, request.path, until)}{SIGNER.sep}{key}")
    except BadSignature as error:
        raise Http404 from error
    if int(until) > time.time():
        return None
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        raise Http404
    return HttpResponseRedirect(media_url(request, request.path), headers={"Cache-Control": "private, no-store"})


def media_response(request: HttpRequest, file: FieldFile, **how: Any) -> HttpResponseBase:
    """The file at a signed address.  The caller has checked that who asks may see it."""
    return _renewed(request) or file_response(request, file, **how)


def file_response(
    request: HttpRequest, file: FieldFile, *, content_type: str, etag: str, filename: str = "", attachment: bool = False
) -> HttpResponseBase:
    """Answer GET and HEAD with the file or the one range asked for."""
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
        "Cross-Origin-Resource-Policy": "same-origin",
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
    parts = read_range(file, span.first, len(span))
    content = in_threads(parts) if isinstance(request, ASGIRequest) else parts
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
