"""An athlete at the HTTP interface: real requests with cookies and CSRF, no browser."""

import re
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from io import BytesIO
from pathlib import Path
from typing import Any

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.e2e.stack import PASSWORD, Stack

CREATE_ATHLETES = f"""
from allauth.account.models import EmailAddress
from runform.accounts.models import User
from runform.clubs.consents import consent_give
from runform.clubs.models import Purpose
for name in {{names}}:
    user = User.objects.create_user(email=f"{{{{name}}}}@example.org", password="{PASSWORD}")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    consent_give(athlete=user, by=user, purposes=[Purpose.ANALYSIS])
"""


@contextmanager
def running(
    var_dir: Path, *, athletes: Sequence[str] = ("runner",), settings: Mapping[str, str] | None = None
) -> Iterator[Stack]:
    """The app with these athletes and nobody else."""
    stack = Stack(var_dir, "--no-demo", settings=settings).start()
    try:
        stack.manage("shell", "-c", CREATE_ATHLETES.format(names=list(athletes)))
        yield stack
    finally:
        stack.close()


@dataclass(frozen=True)
class Answer:
    path: str
    text: str


class Client:
    """An answer of 400 or more raises."""

    def __init__(self, stack: Stack) -> None:
        self.url = stack.url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> Answer:
        return self._open(urllib.request.Request(self.url + path))

    def post(self, page: str, to: str, **fields: Any) -> Answer:
        """Post what a person would from ``page``: with its CSRF token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(page).text)
        assert token, f"no form on {page}"
        body = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token.group(1), **fields})
        headers = {"Content-Type": MULTIPART_CONTENT, "Referer": self.url + page}
        return self._open(urllib.request.Request(self.url + to, body, headers))

    def log_in(self, email: str) -> None:
        assert self.post("/accounts/login/", "/accounts/login/", login=email, password=PASSWORD).path == "/"

    def new_check(self) -> str:
        """Make a FormCheck and return its path."""
        fields = {"recorded_on": "2026-05-01", "surface": "treadmill", "speed": "14.3", "incline_pct": "0"}
        answer = self.post("/checks/new/", "/checks/new/", **fields)
        assert answer.path != "/checks/new/", answer.text
        return answer.path

    def upload(self, check: str, clip: Path) -> Answer:
        file = BytesIO(clip.read_bytes())
        file.name = clip.name
        return self.post(check, f"{check}clips/", upload_token=str(uuid.uuid4()), shows="self", file=file)

    def _open(self, request: urllib.request.Request) -> Answer:
        with self.opener.open(request, timeout=30) as response:
            return Answer(response.url.removeprefix(self.url), response.read().decode())
