"""Who opened somebody else's media is written down; who must have a second step has one before all else opens."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from runform.accounts.models import User
from runform.clubs.audit import looks_noted, looks_record
from runform.clubs.policies import lacks_second_step
from runform.core.asked import answers_remembered


class AskedOnceMiddleware:
    """Who may see whom is asked once for an answer that changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with answers_remembered():
            return self.get_response(request)


class ViewerLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with looks_noted() as looks:
            response = self.get_response(request)
        if response.status_code < 400:
            looks_record(looks)
        return response


class SecondStepMiddleware:
    """Shows coaches, managers, welfare officers and staff the way to a second step before anything else opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if not settings.SECOND_STEP_REQUIRED or _is_open(request):
            return None
        if not isinstance(request.user, User) or not lacks_second_step(request.user):
            return None
        target = reverse("mfa_index")
        htmx = "HX-Request" in request.headers
        return HttpResponseClientRedirect(target) if htmx else HttpResponseRedirect(target)


def _is_open(request: HttpRequest) -> bool:
    """The pages on which a second step is made, and those on which one leaves."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return name.startswith(("mfa_", "account_")) or name == "health"
