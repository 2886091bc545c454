"""What the header of every page needs to know of the desk."""

from typing import Any

from django.http import HttpRequest

from runform.accounts.models import User
from runform.coaching.models import Notification


def notifications(request: HttpRequest) -> dict[str, Any]:
    """A callable: a fragment without the header asks nothing of the database."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"n_unread": lambda: Notification.objects.filter(user=user, read_at=None).count()}
