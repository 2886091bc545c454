import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from whitenoise.middleware import WhiteNoiseMiddleware

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.core.broker import socket_path
from tests.runform.world import World, make_check, make_user, make_world


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once() -> Iterator[None]:
    """Each test client starts the middleware anew; only the first one walks through all the folders for it."""
    walk, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            walk(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Nobody is shut out for what another test tried."""
    cache.clear()


@pytest.fixture
def athlete(db: None) -> User:
    return make_user("athlete")


@pytest.fixture
def check(athlete: User) -> FormCheck:
    return make_check(athlete)


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    return make_world(tmp_path)


@pytest.fixture
def bells(valkey: str) -> Iterator[Callable[[str], int]]:
    """How many messages lie in a queue of the real broker; empty at first."""
    client = redis.Redis(unix_socket_path=str(socket_path(settings.VAR_DIR)))
    client.flushall()
    yield lambda queue: int(client.llen(queue))  # type: ignore[arg-type]
    client.flushall()
    client.close()


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Run a function in ``n`` threads that start together, each with a connection of its own; results or errors."""

    def run(function: Callable[[int], Any], n: int = 8) -> list[Any]:
        start, results = threading.Barrier(n), [None] * n

        def one(number: int) -> None:
            start.wait()
            try:
                results[number] = function(number)
            except Exception as error:
                results[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(number,)) for number in range(n)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        return results

    return run
