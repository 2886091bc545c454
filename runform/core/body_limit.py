"""Refuses a body before it is read: one that is too large, and a large one of somebody who is not logged in.

Django under ASGI spools the whole body before any view can say no.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.handlers.asgi import ASGIRequest
from django.db import connection

from runform.core.asgi import Application, Message, Receive, Scope, Send
from runform.core.limits import MB, Limits

UPLOAD_PATH = re.compile(r"^/checks/[0-9a-f-]{36}/clips/$")
PART_PATH = re.compile(r"^(?:/api/v1/uploads/[0-9a-f-]{36}|/uploads/[0-9a-f-]{36}/)$")
VOICE_PATH = re.compile(r"^/reports/[0-9a-f-]{36}/voice/$")
# The multipart envelope and the small fields around the file.
ENVELOPE = MB


class TooLargeError(Exception):
    """The body went over its limit on the way."""


class BodyLimit:
    """Answers 413 by the Content-Length header, or as soon as a body without one grows too large; 401 to strangers."""

    def __init__(
        self,
        application: Application,
        limits: Limits,
        is_logged_in: Callable[[Scope], bool],
        free_bytes: Callable[[], int],
    ) -> None:
        self.application = application
        self.limits = limits
        self.is_logged_in = is_logged_in
        # Where bodies are spooled; and how much this process lets in at the moment.
        self.free_bytes = free_bytes
        self.coming_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared and (not declared.isdigit() or len(declared) > 15 or int(declared) > limit):
            await _refuse(send, 413, b"This file is too large.")
            return
        if limit > self.limits.form_bytes and _may_be_large(scope, declared, self.limits.form_bytes):
            known = await asyncio.to_thread(self.is_logged_in, scope)
        else:
            known = True
        if not known:
            await _refuse(send, 401, b"Please log in first.")
            return
        with self._room(limit, declared) as fits:
            if not fits:
                await _refuse(send, 507, b"There is no room for more clips just now.")
                return
            try:
                await self.application(scope, _counted(receive, limit), send)
            except TooLargeError:
                await _refuse(send, 413, b"This file is too large.")

    @contextmanager
    def _room(self, limit: int, declared: bytes) -> Iterator[bool]:
        """Whether a whole clip, beside those that come in at the same time, leaves free what is to stay free."""
        n_bytes = int(declared) if declared else limit
        if limit <= self.limits.part_bytes or n_bytes <= self.limits.part_bytes:
            yield True
            return
        self.coming_bytes += n_bytes
        try:
            yield self.free_bytes() - self.coming_bytes >= self.limits.reserve_bytes
        finally:
            self.coming_bytes -= n_bytes

    def _limit(self, path: str) -> int:
        if UPLOAD_PATH.match(path):
            return self.limits.clip_bytes + ENVELOPE
        if VOICE_PATH.match(path):
            return self.limits.voice_bytes + ENVELOPE
        return self.limits.part_bytes if PART_PATH.match(path) else self.limits.form_bytes


def _may_be_large(scope: Scope, declared: bytes, small_bytes: int) -> bool:
    """A body that does not tell its size may be any."""
    return scope["method"] in {"POST", "PUT", "PATCH"} and (not declared or int(declared) > small_bytes)


def is_logged_in(scope: Scope) -> bool:
    """By the session cookie, as the views will ask again."""
    request: Any = ASGIRequest(scope, BytesIO())
    session_store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = session_store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    try:
        return bool(get_user(request).is_authenticated)
    finally:
        connection.close()  # of this thread, which belongs to no request


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


async def _refuse(send: Send, status: int, text: bytes) -> None:
    # For the pages' scripts, and for programs that read problem+json.
    body = b'{"error": "%b", "detail": "%b", "status": %d}' % (text, text, status)
    headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
