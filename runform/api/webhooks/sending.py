"""One call of a webhook: signed as Standard Webhooks says, to the very address that was checked, and soon over."""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from runform.api.webhooks.address import AddressError, Target, look_up

SECRET_PREFIX = "whsec_"
# For the whole call: the queue of the upkeep is not to wait for a stranger's server.
DEADLINE_S = 5.0


@dataclass(frozen=True)
class Outcome:
    """``status`` of the answer, or None and why there was none."""

    status: int | None
    error: str = ""

    @property
    def arrived(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def sign(secret: str, identity: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.new(key, f"{identity}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def send(*, url: str, secret: str, identity: str, content: dict[str, object]) -> Outcome:
    body, now = json.dumps(content, separators=(",", ":")).encode(), int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "RunForm-Webhook/1",
        "webhook-id": identity,
        "webhook-timestamp": str(now),
        "webhook-signature": sign(secret, identity, now, body),
    }
    try:
        return Outcome(_post(look_up(url), body, headers))
    except AddressError as error:
        return Outcome(None, str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:  # the last: no name that may be looked up
        return Outcome(None, f"{type(error).__name__}: {error}"[:200])


def _post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Redirects are not followed, and of the answer only the status is read."""
    connection = _Pinned(target)
    # Somebody who sends a letter every few seconds never runs into a timeout of the socket.
    watch = threading.Timer(DEADLINE_S, connection.break_off)
    watch.start()
    try:
        connection.request("POST", target.path, body, headers)
        return connection.getresponse().status
    finally:
        watch.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was looked up and checked; a name server that changes its mind changes nothing."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=DEADLINE_S)
        self.default_port = 443 if target.secure else 80
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.ip, self.target.port), timeout=DEADLINE_S)
        if self.target.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.target.host)

    def break_off(self) -> None:
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)
