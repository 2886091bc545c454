"""One id from the click to the report."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django_structlog.middlewares import RequestMiddleware

from runform.core.logs import masked

LINE_MAX = 2000


class RequestLogMiddleware(RequestMiddleware):
    """Logs every request, and no secret of its address."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return masked(f"{request.method} {request.get_full_path()}")[:LINE_MAX]


class CompressTextMiddleware(GZipMiddleware):
    """Pages and JSON travel compressed.  Clips do not: they are compressed, and are asked for in parts."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        text = response.headers.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if text and not response.streaming else response


class RequestIdMiddleware:
    """Tells the browser the id under which its request stands in the logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("X-Request-ID", request_id())
        return response


class NulMiddleware:
    """A NUL comes from no keyboard, and PostgreSQL keeps none: refused before a view meets it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        sent = (text for _name, values in request.POST.lists() for text in values)
        if "%00" in request.META.get("QUERY_STRING", "") or any("\x00" in text for text in sent):
            raise SuspiciousOperation("a NUL")


class PrivateMiddleware:
    """Every answer is made for who asked: no cache on the way keeps it, and the browser asks again each time.  With the
    logout it forgets what it kept, so that who takes the tablet next finds no films.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name == "account_logout":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


POWERS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def permissions_policy(*, allowed: frozenset[str] = frozenset()) -> str:
    return ", ".join(f"{power}=({'self' if power in allowed else ''})" for power in POWERS)


class PermissionsPolicyMiddleware:
    """No page may use what a phone can do, unless its view says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", permissions_policy())
        return response


def microphone_allowed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For a view whose page records; the browser still asks the person."""

    @wraps(view)
    def wrapped(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Permissions-Policy"] = permissions_policy(allowed=frozenset({"microphone"}))
        return response

    return wrapped


class HeadMiddleware:
    """Answers HEAD wherever GET is known: a view that knows GET alone is asked that, and its content kept back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "HEAD" or response.status_code != 405 or "GET" not in response.headers.get("Allow", ""):
            return response
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


class PressAgainMiddleware:
    """Who pressed a button after their login had ended comes back to its address by GET: no blank page, but a word."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or not request.accepts("text/html"):
            return response
        return render(request, "405.html", status=405)


def request_id() -> str:
    """The id of the request that is being answered; empty outside of one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
