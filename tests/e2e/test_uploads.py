"""A clip on its way through everything that happens to phones: dead lines, dead servers, closed tabs."""

import hashlib
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.e2e.client import Client, running
from tests.e2e.stack import PASSWORD, Stack, wait_until

PHONE = {"width": 390, "height": 844}
SIZE = 40 * 1024 * 1024
PART = 8 * 1024 * 1024
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 5_000_000}
ARRIVED = "SELECT coalesce(max(offset_bytes), 0) FROM clips_upload WHERE original_name = ?"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("var")) as app:
        yield app


@pytest.fixture
def clip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """So large that something can happen on the way; no analysis will make anything of it."""
    path = tmp_path / f"{request.node.originalname}.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


@pytest.fixture
def page(stack: Stack, athlete: Client, browser: Browser) -> Iterator[Page]:
    """The page of a new FormCheck on a phone."""
    context = browser.new_context(base_url=stack.url, viewport=PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "runner@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main [type=submit]")
    page.wait_for_url("**/")
    page.goto(athlete.new_check())
    yield page
    context.close()


def slow_line(page: Page) -> CDPSession:
    network = page.context.new_cdp_session(page)
    network.send("Network.emulateNetworkConditions", SLOW)
    return network


def choose(page: Page, clip: Path) -> None:
    page.set_input_files("#upload-file", clip)
    expect(page.locator("[data-notes]")).to_contain_text("cannot look into this file")
    page.check("#upload [name=shows][value=self]")
    page.click("#upload [type=submit]")


def arrived(stack: Stack, clip: Path) -> int:
    return int(stack.rows(ARRIVED, clip.name)[0][0])


def in_the_middle(stack: Stack, clip: Path) -> None:
    wait_until(lambda: arrived(stack, clip) >= PART, 60, "the first part")
    assert arrived(stack, clip) < SIZE


def stored(stack: Stack, page: Page, clip: Path) -> None:
    """The clip is there, each byte of it, and nothing else is left."""
    expect(page.locator("[data-clip]")).to_contain_text(clip.name, timeout=120_000)
    ((sha256, size),) = stack.rows("SELECT sha256, size_bytes FROM clips_clip WHERE original_name = ?", clip.name)
    assert (sha256, size) == (hashlib.sha256(clip.read_bytes()).hexdigest(), SIZE)
    assert stack.rows("SELECT count(*) FROM clips_upload WHERE clip_id IS NULL") == [(0,)]
    assert not [path for path in (stack.var_dir / "media" / "uploads").rglob("*") if path.is_file()]


def test_a_web_server_killed_in_the_middle_costs_the_part_in_hand(stack: Stack, page: Page, clip: Path) -> None:
    slow_line(page)
    choose(page, clip)
    in_the_middle(stack, clip)
    before, web = arrived(stack, clip), stack.find("uvicorn")
    assert web
    web.kill()
    stored(stack, page, clip)
    ((parts,),) = stack.rows("SELECT count(*) FROM clips_upload WHERE original_name = ?", clip.name)
    assert (parts, before >= PART) == (1, True)
    assert stack.said("'web' was killed by signal 9; starting it again")


def test_a_line_that_dies_in_the_middle_is_waited_for(stack: Stack, page: Page, clip: Path) -> None:
    network = slow_line(page)
    choose(page, clip)
    in_the_middle(stack, clip)
    network.send("Network.emulateNetworkConditions", {**SLOW, "offline": True})
    expect(page.locator("[data-status]")).to_contain_text("No connection", timeout=30_000)
    network.send("Network.emulateNetworkConditions", SLOW)
    stored(stack, page, clip)


def test_after_a_closed_tab_the_same_file_goes_on_where_it_stopped(stack: Stack, page: Page, clip: Path) -> None:
    slow_line(page)
    choose(page, clip)
    in_the_middle(stack, clip)
    check = page.url
    page.close(run_before_unload=False)
    here = arrived(stack, clip)
    again = page.context.new_page()
    sent: list[int] = []
    again.on(
        "request",
        lambda request: sent.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None,
    )
    again.goto(check)
    expect(again.locator(".unfinished")).to_contain_text(clip.name)
    choose(again, clip)
    stored(stack, again, clip)
    assert sent[0] >= here


def test_who_thinks_better_of_it_leaves_nothing_behind(stack: Stack, page: Page, clip: Path) -> None:
    slow_line(page)
    choose(page, clip)
    in_the_middle(stack, clip)
    page.click("[data-cancel]")
    expect(page.locator(".draft")).to_have_count(0)
    wait_until(lambda: not stack.rows("SELECT 1 FROM clips_upload WHERE original_name = ?", clip.name), 30)
    assert not [path for path in (stack.var_dir / "media" / "uploads").rglob("*") if path.is_file()]


def test_a_stranger_is_refused_before_a_byte_is_read(stack: Stack, athlete: Client) -> None:
    check = athlete.new_check()
    head = f"POST {check}clips/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {400 * 1024 * 1024}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as line:
        line.sendall(head.encode())
        assert line.recv(1000).startswith(b"HTTP/1.1 401")


def test_a_part_that_breaks_off_is_kept_as_far_as_it_came(stack: Stack, athlete: Client, page: Page) -> None:
    """Spoken to in bare bytes: a browser would try again."""
    cookies = {str(one["name"]): str(one["value"]) for one in page.context.cookies()}
    common = {
        "Host": "127.0.0.1",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
        "Tus-Resumable": "1.0.0",
    }

    def send(method: str, path: str, body: bytes = b"", **headers: str) -> str:
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in {**common, **headers}.items())]
        with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            return "" if body else line.recv(4000).decode()

    answer = page.context.request.post(
        page.url.removesuffix("/") + "/uploads/",
        headers={
            **{name: value for name, value in common.items() if name not in {"Host", "Cookie"}},
            "Upload-Length": "1000000",
            "Upload-Metadata": "upload_token NWYwYTdhM2UtOWYxZS00YTBlLThmNWItMGExYjJjM2Q0ZTVm,shows c2VsZg==",
        },
    )
    assert answer.status == 201, answer.text()
    path = re.sub(r"^http://[^/]+", "", answer.headers["location"])
    part = {"Upload-Offset": "0", "Content-Length": "1000000", "Content-Type": "application/offset+octet-stream"}
    send("PATCH", path, bytes(300_000), **part)

    def offset() -> int:
        return int(re.search(r"upload-offset: (\d+)", send("HEAD", path), re.IGNORECASE).group(1))  # type: ignore[union-attr]

    assert wait_until(offset, 20, "what came of the part") == 300_000
