"""Times are shown in the person's own time zone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from runform.accounts.models import User
from runform.accounts.selectors import profile_of


class TimeZoneMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        profile = profile_of(user)
        request.athlete_profile = profile  # type: ignore[attr-defined]
        with timezone.override(zoneinfo.ZoneInfo(profile.time_zone)):
            return self.get_response(request)
