"""A program that asks the API with a token of somebody."""

import json
from collections.abc import Iterable
from typing import Any

from django.test import Client

from runform.accounts.models import User
from runform.api.scopes import Scope
from runform.api.tokens import token_create

ROOT = "/api/v1"


class Program:
    def __init__(self, user: User, scopes: Iterable[Scope] = tuple(Scope)) -> None:
        self.token, self.secret = token_create(user=user, name="test", scopes=scopes, days=1)
        self.client = Client(headers={"Authorization": f"Bearer {self.secret}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query)

    def read(self, path: str, **query: Any) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, said: Any = None, key: str | None = None) -> Any:
        headers = {"Idempotency-Key": key} if key is not None else {}
        body = "" if said is None else json.dumps(said)
        return self.client.post(ROOT + path, body, content_type="application/json", headers=headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path)
