"""The app as the web server sees it: plain views in a few threads that stay."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path

from runform.core.handler import THREADS, ThreadsHandler
from runform.core.stream import in_threads

handled_in: list[str] = []
closed = threading.Event()


def said(request: HttpRequest) -> HttpResponse:
    handled_in.append(threading.current_thread().name)
    return HttpResponse(request.body, headers={"X-Asked": request.get_full_path()})


def wrong(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied if request.GET else ZeroDivisionError


def endless(request: HttpRequest) -> HttpResponseBase:
    def parts() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 1000
        finally:
            closed.set()

    return StreamingHttpResponse(in_threads(parts()))


urlpatterns = [path("said", said), path("wrong", wrong), path("endless", endless)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def handler(settings: Any) -> Iterator[ThreadsHandler]:
    settings.MIDDLEWARE = []
    handled_in.clear()
    closed.clear()
    made = ThreadsHandler()
    yield made
    made.threads.submit(connection.close)
    made.threads.shutdown()


def asked(handler: ThreadsHandler, path: str, *bodies: bytes, query: bytes = b"") -> ApplicationCommunicator:
    scope: dict[str, Any] = {"type": "http", "method": "POST" if bodies else "GET", "path": path, "query_string": query}
    scope["headers"] = [(b"host", b"testserver")]
    asking = ApplicationCommunicator(handler, scope)
    parts = bodies or (b"",)
    for n, body in enumerate(parts, start=1):
        asking.input_queue.put_nowait({"type": "http.request", "body": body, "more_body": n < len(parts)})
    return asking


async def answer(asking: ApplicationCommunicator) -> tuple[int, bytes, dict[bytes, bytes]]:
    start, content = await asking.receive_output(10), await asking.receive_output(10)
    await asking.wait(10)
    return start["status"], content["body"], dict(start["headers"])


def test_a_body_in_parts_reaches_the_view_and_the_answer_comes_back(handler: ThreadsHandler) -> None:
    async def ask() -> tuple[int, bytes, dict[bytes, bytes]]:
        return await answer(asked(handler, "/said", b"one ", b"two", query=b"a=1"))

    status, content, headers = asyncio.run(ask())
    assert (status, content, headers[b"X-Asked"]) == (200, b"one two", b"/said?a=1")


def test_errors_are_answered_as_everywhere(handler: ThreadsHandler) -> None:
    async def ask() -> list[int]:
        return [(await answer(asked(handler, "/wrong", query=query)))[0] for query in (b"", b"not=allowed")]

    assert asyncio.run(ask()) == [500, 403]


def test_many_requests_share_few_threads_and_each_is_finished_once(handler: ThreadsHandler) -> None:
    finished: list[Any] = []

    def count(**_: Any) -> None:
        finished.append(None)

    async def ask() -> None:
        await asyncio.gather(*(answer(asked(handler, "/said")) for _ in range(5 * THREADS)))

    request_finished.connect(count)
    try:
        asyncio.run(ask())
    finally:
        request_finished.disconnect(count)
    assert len(finished) == len(handled_in) == 5 * THREADS
    assert len(set(handled_in)) <= THREADS


def test_a_stream_ends_when_nobody_listens_any_more(handler: ThreadsHandler) -> None:
    async def leave() -> None:
        asking = asked(handler, "/endless")
        for _ in range(3):
            await asking.receive_output(10)
        await asking.send_input({"type": "http.disconnect"})
        await asking.wait(10)

    asyncio.run(leave())
    assert closed.wait(10)
