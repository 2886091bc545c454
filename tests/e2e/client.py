"""An athlete at the HTTP interface: real requests with cookies and CSRF, no browser."""

import re
import uuid
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, APIResponse, Playwright

from tests.e2e.stack import PASSWORD, Stack

CREATE_ATHLETE = f"""
from allauth.account.models import EmailAddress
from runform.accounts.models import User
user = User.objects.create_user(email="runner@example.org", password="{PASSWORD}")
EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
"""


class Client:
    def __init__(self, playwright: Playwright, stack: Stack) -> None:
        self.http: APIRequestContext = playwright.request.new_context(base_url=stack.url)

    def post(self, page: str, to: str, **fields: Any) -> APIResponse:
        """Post what a person would from ``page``: with its CSRF token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.http.get(page).text())
        assert token, f"no form on {page}"
        data = {"csrfmiddlewaretoken": token.group(1), **fields}
        return self.http.post(to, multipart=data, headers={"Referer": self.http.get(page).url})

    def log_in(self, email: str) -> None:
        answer = self.post("/accounts/login/", "/accounts/login/", login=email, password=PASSWORD)
        assert answer.ok
        assert "/accounts/login" not in answer.url

    def new_check(self) -> str:
        """Make a FormCheck and return its path."""
        fields = {"recorded_on": "2026-05-01", "surface": "treadmill", "speed": "14.3", "incline_pct": "0"}
        answer = self.post("/checks/new/", "/checks/new/", **fields)
        assert answer.ok, answer.text()
        assert "/checks/new" not in answer.url, answer.text()
        return answer.url.removesuffix("/") + "/"

    def upload(self, check: str, clip: Path, token: str | None = None) -> APIResponse:
        file = {"name": clip.name, "mimeType": "video/mp4", "buffer": clip.read_bytes()}
        return self.post(check, f"{check}clips/", upload_token=token or str(uuid.uuid4()), file=file)
