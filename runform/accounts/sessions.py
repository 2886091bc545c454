"""Where somebody is logged in."""

from typing import Any

from django.contrib.sessions.models import Session
from django.http import HttpRequest

from runform.accounts.models import User


def sessions_end(*, user: User, keep: str | None = None) -> None:
    """Log somebody out everywhere, but for the session ``keep``."""
    for session in Session.objects.exclude(session_key=keep or "").iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def other_sessions_end(*, request: HttpRequest, user: User, **_told: Any) -> None:
    """With a new second step: it is no step where somebody got in with the password alone before."""
    sessions_end(user=user, keep=request.session.session_key)
