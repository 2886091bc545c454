"""Settings from the environment: prefix ``RUNFORM_``, ``..._FILE`` for secrets, wrong values fail at start."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "RUNFORM_"


def text(name: str, default: str | None = None) -> str:
    """The variable, or the content of the file that ``<name>_FILE`` names, or the default."""
    value = os.environ.get(PREFIX + name)
    file = os.environ.get(f"{PREFIX}{name}_FILE")
    if value is None and file:
        try:
            value = Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{PREFIX}{name}_FILE cannot be read: {error}") from error
    if value is None:
        value = default
    if value is None:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be set.")
    return value


def flag(name: str, default: bool) -> bool:
    value = text(name, "1" if default else "0").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{PREFIX}{name} must be 1 or 0, not {value!r}.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be a whole number, not {value!r}.") from error


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def secret_key(var_dir: Path, *, compulsory: bool) -> str:
    """The secret key; on a private machine a random one is made once and kept in ``var_dir``."""
    if compulsory or f"{PREFIX}SECRET_KEY" in os.environ or f"{PREFIX}SECRET_KEY_FILE" in os.environ:
        return text("SECRET_KEY")
    path = var_dir / "secret_key"
    try:
        # Exclusive creation: of web, worker and beat starting together, one writes and all read.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(64))
    return path.read_text().strip() or text("SECRET_KEY")


def database(name: str, default: str) -> dict[str, Any]:
    """``sqlite:///abs/path``, ``postgres://user:pw@host:port/db`` or ``postgresql:///db?host=/socketdir``."""
    url, keep_s = urlsplit(text(name, default)), integer("DATABASE_KEEP_SECONDS", 0)
    if url.scheme == "sqlite":
        path = unquote(url.path)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "CONN_MAX_AGE": keep_s,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            # A file, not memory: the tests of races use real threads.
            "TEST": {"NAME": f"{path}.test"},
        }
    if url.scheme in {"postgres", "postgresql"}:
        # A server that is gone without a word is noticed in half a minute, not in a quarter of an hour.
        options: dict[str, Any] = {"connect_timeout": 10, "keepalives_idle": 20, "tcp_user_timeout": 30_000}
        options |= parse_qsl(url.query)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": options.pop("host", url.hostname or ""),
            "PORT": str(options.pop("port", url.port or "")),
            "OPTIONS": options,
            "CONN_MAX_AGE": keep_s,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"{PREFIX}{name}: unknown scheme {url.scheme!r} (sqlite, postgres).")


def media_storage() -> dict[str, Any]:
    """Django's ``STORAGES["default"]``: a local folder, or S3 as soon as a bucket is named."""
    bucket = text("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": text("S3_ENDPOINT_URL", "") or None,
        "region_name": text("S3_REGION", "us-east-1"),
        "access_key": text("S3_ACCESS_KEY", "") or None,
        "secret_key": text("S3_SECRET_KEY", "") or None,
        "addressing_style": "path" if text("S3_ENDPOINT_URL", "") else "auto",
        "signature_version": "s3v4",
        # Nothing is public, and nothing is written over.
        "default_acl": None,
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


PROCESS_CACHE = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 10_000}}


def shared_cache(name: str) -> dict[str, Any]:
    """Django's ``CACHES["default"]``: the Redis that is named, or this process's memory."""
    url = text(name, "")
    if not url:
        return PROCESS_CACHE
    return {
        "BACKEND": "runform.core.cache.SharedCache",
        "LOCATION": url.replace("redis+socket://", "unix://", 1),
        "KEY_PREFIX": "runform",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1.0},
    }


def email(name: str) -> dict[str, Any]:
    """``console:`` or ``smtp[s]://user:pw@host:port`` as Django's EMAIL_... settings."""
    url = urlsplit(text(name, "console:"))
    if url.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if url.scheme in {"smtp", "smtps", "smtp+tls"}:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": url.hostname or "localhost",
            "EMAIL_PORT": url.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[url.scheme],
            "EMAIL_HOST_USER": unquote(url.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
            "EMAIL_USE_SSL": url.scheme == "smtps",
            "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        }
    raise ImproperlyConfigured(f"{PREFIX}{name}: unknown scheme {url.scheme!r} (console, smtp, smtps, smtp+tls).")
