"""What the web processes count together, such as failed logins."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError


def _shared(name: str) -> Callable[..., Any]:
    def call(self: "SharedCache", *args: Any, **named: Any) -> Any:
        try:
            return getattr(RedisCache, name)(self, *args, **named)
        except RedisError:
            return getattr(self.own, name)(*args, **named)

    return call


class SharedCache(RedisCache):
    """Redis may be away at any time: then each process counts for itself."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.own = LocMemCache("while Redis is away", {})

    add, get, set, delete, touch = (_shared(name) for name in ("add", "get", "set", "delete", "touch"))
    has_key, clear = _shared("has_key"), _shared("clear")

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return int(super().incr(key, delta, version))
        except RedisError:
            self.own.add(key, 0, version=version)
            return self.own.incr(key, delta, version)
