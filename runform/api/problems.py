"""Errors as problem+json (RFC 9457), with a text for people."""

from http import HTTPStatus
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from runform.core.middleware import request_id

CONTENT_TYPE = "application/problem+json"

log = structlog.get_logger(__name__)


class Problem(Schema):
    """What every error looks like."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    # What is wrong with which part of the request, where it is the request's fault.
    errors: list[dict[str, str]] = []


class ProblemError(HttpError):
    """Refuse a request; the text is for people."""


def problem(status: int, detail: str, **more: Any) -> JsonResponse:
    content = {"type": "about:blank", "title": _phrase(status), "status": status, "detail": detail, **more}
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="RunForm"'
    return JsonResponse(content, status=status, content_type=CONTENT_TYPE, headers=headers)


def usual_text(status: int) -> str:
    return {
        401: _("Send a token that holds: Authorization: Bearer rf_..."),
        404: _("There is no such thing, or this token's owner may not see it."),
        405: _("This address does not know this method."),
        413: _("This is too large."),
        429: _("Too many requests. Please wait a little."),
        500: _("That is our fault, not yours. If you write to us, name the request id of this answer."),
    }.get(status, _phrase(status))


def _phrase(status: int) -> str:
    # tus has a number of its own, 460.
    return HTTPStatus(status).phrase if status in list(HTTPStatus) else "Error"


def install(api: NinjaAPI) -> None:
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(HttpError, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Exception, _crashed)


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, usual_text(404))


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    generic = isinstance(error, AuthenticationError | Throttled)
    return problem(error.status_code, usual_text(error.status_code) if generic else error.message)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [{"where": ".".join(map(str, one["loc"])), "what": str(one["msg"])} for one in error.errors]
    return problem(422, _("Something in the request is not as it should be."), errors=errors)


def _crashed(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("api_crashed", path=request.path, exc_info=error)
    return problem(500, usual_text(500), request_id=request_id())
