import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from runform.accounts.models import User
from runform.api.models import Token
from runform.api.scopes import Scope
from runform.api.tokens import TokenError, token_create, token_find, token_revoke
from runform.clubs.services import club_create
from runform.desk.rights.takeout import takeout
from tests.runform.api.client import Program
from tests.runform.world import PASSWORD, World

A_TOKEN = {"name": "Watch", "scopes": ["read:formchecks"], "days": "30"}


def test_a_token_is_shown_once_and_kept_as_a_hash(athlete: User, client: Client) -> None:
    client.post("/accounts/login/", {"login": athlete.email, "password": PASSWORD})
    asked = client.post("/profile/tokens/", A_TOKEN)
    # Whoever sits down at an open page makes none.
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()
    answer = client.post(asked["Location"], {"password": PASSWORD})
    secret = answer.context["secret"]
    assert secret.startswith("rf_")
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    token = Token.objects.get()
    assert secret not in str(list(Token.objects.values()))
    assert secret not in client.get("/profile/tokens/").content.decode()
    assert token_find(secret) == token
    assert token.expires_at - timezone.now() > timedelta(days=29)


@pytest.mark.parametrize("ended", ["revoked", "expired", "inactive", "binned", "wrong"])
def test_a_token_that_has_ended_opens_nothing(athlete: User, ended: str) -> None:
    program = Program(athlete)
    assert program.get("/me").status_code == 200
    if ended == "revoked":
        assert token_revoke(token=program.token)
    if ended == "expired":
        Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if ended == "inactive":
        User.objects.update(is_active=False)
    if ended == "binned":
        User.objects.update(binned_at=timezone.now())
    if ended == "wrong":
        program.client.defaults["HTTP_AUTHORIZATION"] = "Bearer rf_wrong"
    answer = program.get("/me")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_does_what_its_scopes_say_and_no_more(athlete: User) -> None:
    program = Program(athlete, [Scope.READ_CLUB])
    assert program.get("/clubs").status_code == 200
    for path in ("/formchecks", "/reviews", "/webhooks", "/athletes"):
        answer = program.get(path)
        assert answer.status_code == 403
        assert "lacks the scope" in answer.json()["detail"]
    assert program.post("/formchecks", {"recorded_on": "2026-05-01"}).status_code == 403
    assert program.client.delete(f"/api/v1/uploads/{athlete.code}").status_code == 403


def test_a_login_is_no_token(athlete: User, client: Client) -> None:
    """Or any page could make somebody's browser call the API."""
    client.force_login(athlete, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/me").status_code == 401
    assert client.delete(f"/api/v1/uploads/{athlete.code}").status_code == 401


def test_the_last_use_is_known_to_the_minute(athlete: User) -> None:
    program = Program(athlete)
    program.read("/me")
    used = Token.objects.get().last_used_at
    assert used is not None
    program.read("/me")
    assert Token.objects.get().last_used_at == used


def test_a_person_has_so_many_tokens_and_no_more(athlete: User, settings: Any) -> None:
    for _ in range(settings.LIMITS.tokens_open):
        token, _secret = token_create(user=athlete, name="x", scopes=[], days=1)
    with pytest.raises(TokenError):
        token_create(user=athlete, name="x", scopes=[], days=1)
    token_revoke(token=token)
    assert token_create(user=athlete, name="x", scopes=[], days=10_000)[0].expires_at < timezone.now() + timedelta(367)


def test_who_must_have_a_second_step_needs_it_for_tokens_too(athlete: User, settings: Any) -> None:
    settings.SECOND_STEP_REQUIRED = True
    program = Program(athlete)
    assert program.get("/me").status_code == 200
    club_create(name="Here", manager=athlete)
    answer = program.get("/me")
    assert answer.status_code == 403
    assert "second step" in answer.json()["detail"]
    Authenticator.objects.create(user=athlete, type="totp", data={})
    assert program.get("/me").status_code == 200


def test_a_token_asks_so_often_a_minute_and_no_more(athlete: User, settings: Any) -> None:
    settings.LIMITS = replace(settings.LIMITS, api_per_minute=3)
    program, other = Program(athlete), Program(athlete)
    noon = timezone.now().replace(second=20)
    with time_machine.travel(noon, tick=False):
        assert [program.get("/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        answer = program.client.delete(f"/api/v1/uploads/{athlete.code}")
        assert (answer.status_code, answer["Retry-After"]) == (429, "40")
        assert other.get("/me").status_code == 200
    with time_machine.travel(noon + timedelta(minutes=1), tick=False):
        assert program.get("/me").status_code == 200


def test_a_copy_of_everything_names_tokens_and_webhooks_and_holds_no_key(world: World) -> None:
    with zipfile.ZipFile(io.BytesIO(b"".join(takeout(world.athlete)))) as everything:
        data = {name: everything.read(name).decode() for name in everything.namelist() if name.startswith("data/")}
    assert "Watch" in data["data/api.token.json"]
    assert world.webhook.url in data["data/api.webhook.json"]
    keys = (world.token.token_sha256, world.webhook.secret)
    assert not any(key in text for key in keys for text in data.values())
