"""Making, finding and revoking tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.api.models import Token
from runform.api.scopes import Scope

# Scanners for leaked secrets go by it.
PREFIX = "rf_"
USED_EVERY = timedelta(minutes=1)


class TokenError(Exception):
    """The token cannot be made; the text is for people."""


@transaction.atomic
def token_create(*, user: User, name: str, scopes: Iterable[Scope], days: int) -> tuple[Token, str]:
    """The token, and its secret, which nobody can find out again."""
    # The lock makes the count true.
    User.objects.select_for_update().get(pk=user.pk)
    if tokens_open(user).count() >= settings.LIMITS.tokens_open:
        raise TokenError(_("You have many tokens already. Revoke one first."))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        token_sha256=hash_of(secret),
        hint=secret[:7],
        scopes=[str(scope) for scope in scopes],
        expires_at=timezone.now() + timedelta(days=max(1, min(days, settings.LIMITS.token_days))),
    )
    return token, secret


def token_revoke(*, token: Token) -> bool:
    return bool(Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()))


def tokens_end(*, user: User, **_told: Any) -> None:
    """With a new password: whoever knew the old one may have made a token."""
    tokens_open(user).update(revoked_at=timezone.now())


def tokens_open(user: User) -> QuerySet[Token]:
    return Token.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())


def token_find(secret: str) -> Token | None:
    """The token of this secret, while it holds and its owner may log in."""
    holds = Q(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True, user__binned_at=None)
    return Token.objects.filter(holds, token_sha256=hash_of(secret)).select_related("user").first()


def token_used(token: Token) -> None:
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
