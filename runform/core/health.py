"""Are the things below us getting on: database, storage, broker."""

import uuid

import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from kombu.utils.url import parse_url


def database_works() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def storage_works() -> bool:
    """Write, read and delete: a full or read-only disk answers to anything less."""
    content = uuid.uuid4().hex.encode()
    name = default_storage.save(f"health/{uuid.uuid4().hex}", ContentFile(content))
    try:
        with default_storage.open(name, "rb") as stream:
            return bool(stream.read() == content)
    finally:
        default_storage.delete(name)


def broker_works() -> bool:
    url = settings.CELERY_BROKER_URL
    if url.startswith("redis+socket://"):
        parts = parse_url(url)
        client = redis.Redis(unix_socket_path=f"/{parts['virtual_host'].lstrip('/')}", socket_timeout=2)
    else:
        client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    with client:
        return bool(client.ping())
