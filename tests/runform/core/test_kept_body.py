import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from runform.core.kept_body import KeptBody

PART = "/uploads/6a1c2f0e-52a5-4d0c-9d6e-3f9a7b1d4e20/"
MORE = {"type": "http.request", "body": b"abc", "more_body": True}
LAST = {"type": "http.request", "body": b"def", "more_body": False}
GONE = {"type": "http.disconnect"}


def read(path: str, messages: list[Mapping[str, Any]]) -> tuple[bytes | None, bool]:
    """What an application that reads a body as Django does gets of it, and whether it is told that nobody is there."""
    left = list(messages)

    async def receive() -> Mapping[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    async def main() -> tuple[bytes | None, bool]:
        seen: list[tuple[bytes | None, bool]] = []

        async def application(scope: Any, receive: Any, send: Any) -> None:
            body, message = b"", {"more_body": True}
            while message["more_body"]:
                message = await receive()
                if message["type"] == "http.disconnect":
                    seen.append((None, True))
                    return
                body += message["body"]
            try:
                told = (await asyncio.wait_for(receive(), 0.05))["type"] == "http.disconnect"
            except TimeoutError:
                told = False
            seen.append((body, told))

        await KeptBody(application, silent_s=0.1)({"type": "http", "path": path}, receive, None)  # type: ignore[arg-type]
        return seen[0]

    return asyncio.run(main())


def test_a_part_whose_line_breaks_is_kept_as_far_as_it_came() -> None:
    assert read(PART, [MORE, MORE, GONE]) == (b"abcabc", False)


def test_a_part_that_falls_silent_is_kept_as_far_as_it_came() -> None:
    assert read(PART, [MORE]) == (b"abc", False)


def test_a_whole_part_is_handed_on_and_a_later_break_is_told() -> None:
    assert read(PART, [MORE, LAST, GONE]) == (b"abcdef", True)


@pytest.mark.parametrize("path", ["/profile/", "/checks/6a1c2f0e-52a5-4d0c-9d6e-3f9a7b1d4e20/clips/"])
def test_any_other_broken_body_is_thrown_away(path: str) -> None:
    assert read(path, [MORE, GONE]) == (None, True)
