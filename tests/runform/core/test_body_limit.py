import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from runform.core.body_limit import ENVELOPE, BodyLimit
from runform.core.limits import Limits

UPLOAD = "/checks/6a1c2f0e-52a5-4d0c-9d6e-3f9a7b1d4e20/clips/"
PART = "/uploads/6a1c2f0e-52a5-4d0c-9d6e-3f9a7b1d4e20/"
LIMITS = replace(Limits(), clip_bytes=10_000, form_bytes=100, part_bytes=1000)


def post(
    path: str, chunks: list[bytes], declared: int | None, *, known: bool = True, free_bytes: int = 2**40
) -> tuple[int, int]:
    """The answer's status, and how many chunks were read."""
    sent: list[Mapping[str, Any]] = []
    left = list(chunks)

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await send({"type": "http.response.start", "status": 200})

    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    asyncio.run(BodyLimit(application, LIMITS, lambda scope: known, lambda: free_bytes)(scope, receive, send))
    return sent[0]["status"], len(chunks) - len(left)


@pytest.mark.parametrize(
    ("path", "n_bytes", "status"),
    [
        ("/profile/", 100, 200),
        ("/profile/", 101, 413),
        (UPLOAD, 10_000 + ENVELOPE, 200),
        (UPLOAD, 10_001 + ENVELOPE, 413),
        (PART, 1000, 200),
        (PART, 1001, 413),
        ("/checks/new/", 101, 413),
    ],
)
def test_a_body_over_its_limit_is_refused_unread(path: str, n_bytes: int, status: int) -> None:
    assert post(path, [bytes(n_bytes)], n_bytes) == (status, 1 if status == 200 else 0)


def test_a_body_that_does_not_tell_its_size_is_cut_off() -> None:
    assert post("/profile/", [bytes(60), bytes(60), bytes(60)], None) == (413, 2)


@pytest.mark.parametrize("path", [UPLOAD, PART])
@pytest.mark.parametrize(("n_bytes", "declared"), [(101, 101), (101, None), (50, None)])
def test_of_somebody_who_is_not_logged_in_nothing_large_is_read(path: str, n_bytes: int, declared: int | None) -> None:
    assert post(path, [bytes(n_bytes)], declared, known=False) == (401, 0)


@pytest.mark.parametrize(
    ("declared", "missing", "status"), [(5000, 0, 200), (5000, 1, 507), (None, 1, 507), (900, 1, 200)]
)
def test_a_clip_for_which_the_disk_has_no_room_is_refused_unread(
    declared: int | None, missing: int, status: int
) -> None:
    """Also when it does not tell its size: then it may be as large as any."""
    body = bytes(declared or 5000)
    free_bytes = LIMITS.reserve_bytes + len(body) - missing
    assert post(UPLOAD, [body], declared, free_bytes=free_bytes) == (status, 1 if status == 200 else 0)


def test_clips_that_come_at_once_have_to_fit_together() -> None:
    """What the first has not written yet is not free for the second."""

    async def both() -> list[int]:
        answers: list[int] = []
        go_on = asyncio.Event()

        async def receive() -> Mapping[str, Any]:
            await go_on.wait()
            return {"type": "http.request", "body": bytes(5000), "more_body": False}

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            await send({"type": "http.response.start", "status": 200})

        async def send(message: Mapping[str, Any]) -> None:
            if "status" in message:
                answers.append(message["status"])
                go_on.set()

        door = BodyLimit(application, LIMITS, lambda scope: True, lambda: LIMITS.reserve_bytes + 9999)
        scope = {"type": "http", "method": "POST", "path": UPLOAD, "headers": [(b"content-length", b"5000")]}
        await asyncio.gather(door(scope, receive, send), door(scope, receive, send))
        assert door.coming_bytes == 0
        return answers

    assert asyncio.run(both()) == [507, 200]


def test_a_small_form_of_a_stranger_reaches_the_view_that_says_no() -> None:
    assert post(UPLOAD, [bytes(100)], 100, known=False) == (200, 1)
