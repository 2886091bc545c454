"""Refuses a body that is too large before it is read: Django under ASGI spools the whole body before any view."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from runform.core.limits import MB, Limits

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

UPLOAD_PATH = re.compile(r"^/checks/[0-9a-f-]{36}/clips/$")
# The multipart envelope and the small fields around the file.
ENVELOPE = MB


class TooLargeError(Exception):
    """The body went over its limit on the way."""


class BodyLimit:
    """Answers 413 by the Content-Length header, or as soon as a body without one grows too large."""

    def __init__(self, application: Application, limits: Limits) -> None:
        self.application = application
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _refuse(send)
            return
        try:
            await self.application(scope, _counted(receive, limit), send)
        except TooLargeError:
            await _refuse(send)

    def _limit(self, path: str) -> int:
        return self.limits.clip_bytes + ENVELOPE if UPLOAD_PATH.match(path) else self.limits.form_bytes


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLargeError
        return message

    return counted


async def _refuse(send: Send) -> None:
    body = b'{"error": "This file is too large."}'
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
