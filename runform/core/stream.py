"""Files that are made while they are sent."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header


def stream_response(
    request: HttpRequest, parts: Iterable[bytes], *, content_type: str, filename: str
) -> HttpResponseBase:
    """A download.  ``parts`` may read files but must not ask the database: it runs in threads of its own."""
    headers = {
        "Content-Disposition": content_disposition_header(True, filename) or "attachment",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=content_type, headers=headers)
    content = _in_threads(iter(parts)) if isinstance(request, ASGIRequest) else iter(parts)
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)


async def _in_threads(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (part := await asyncio.to_thread(next, parts, None)) is not None:
        yield part
