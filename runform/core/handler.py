"""Django's handler for ASGI, for an app whose views are plain functions.

Django's own starts a thread for every request, opens a connection to the database in it, and goes to and fro between
thread and event loop several times.  Here a few threads stay, each with its connection, and a request is answered in
one of them, from its first middleware to its last.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import set_script_prefix

from runform.core.asgi import Receive, Scope, Send

# Python runs one at a time; the others wait for the database or the store.
THREADS = 8


class ThreadsHandler(ASGIHandler):
    def __init__(self) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._in_thread(self._answer, scope, body)
        if isinstance(response, StreamingHttpResponse):
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    async def _in_thread(self, function: Callable[..., Any], *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, copy_context().run, function, *args)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponse | StreamingHttpResponse:
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = self.get_response(request) if request else refusal
        response._handler_class = self.__class__
        response._resource_closers.append(body.close)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()  # it is in memory as a whole
        return response  # type: ignore[no-any-return]

    async def _stream(self, response: StreamingHttpResponse, receive: Receive, send: Send) -> None:
        """Until all is sent, or nobody is there any more: that is the one thing that comes after a body."""
        sending = asyncio.create_task(self.send_response(response, send))
        gone = asyncio.ensure_future(receive())
        try:
            await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
            await self._in_thread(response.close)
        if not sending.cancelled():
            sending.result()
