"""What the header of every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from runform.accounts.models import User
from runform.clubs.policies import lacks_second_step
from runform.clubs.selectors import clubs_visible_to, is_coach, wards_of


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Callables: a fragment without the header asks nothing of the database."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "is_coach": lambda: is_coach(user),
        "nav_clubs": lambda: clubs_visible_to(user),
        "wards": lambda: wards_of(user),
        "must_add_second_step": lambda: settings.SECOND_STEP_REQUIRED and lacks_second_step(user),
    }
