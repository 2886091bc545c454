"""Times are shown in the person's own time zone; and what a page says when a second step cannot be read."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from runform.accounts.models import User
from runform.accounts.second_step import LostSecretError
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


class LostSecretMiddleware:
    """For pages that show recovery codes; a form that checks a code says it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, LostSecretError):
            return None
        return render(request, "mfa/lost.html", {"message": exception.messages[0]}, status=503)
