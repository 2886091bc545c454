"""Files that are made while they are sent."""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterable, Iterator
from contextlib import suppress

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
    content = in_threads(iter(parts)) if isinstance(request, ASGIRequest) else iter(parts)
    return StreamingHttpResponse(content, content_type=content_type, headers=headers)


async def in_threads(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    try:
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            yield part
    finally:
        # Also when the browser goes away in the middle of a video.  While a thread still reads, it is the last to hold
        # the parts, and they close when it lets go of them.
        if isinstance(parts, Generator):
            with suppress(ValueError):
                parts.close()
