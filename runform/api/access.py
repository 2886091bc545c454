"""Who asks, by token; within which scope; and how often."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from runform.accounts.http import UserRequest
from runform.api.models import Token
from runform.api.problems import Problem, ProblemError, problem, usual_text
from runform.api.scopes import Scope
from runform.api.tokens import token_find, token_used
from runform.clubs.policies import lacks_second_step

MINUTE_S = 60


class ApiRequest(UserRequest):
    """A request of the API: ``user`` is the token's owner."""

    auth: Token


class Bearer(HttpBearer):
    """Lets in who has a token with the scope; with any token when there is none."""

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        found = token_find(token)
        if found is None:
            return None
        if self.scope and self.scope not in found.scopes:
            raise ProblemError(403, _("This token lacks the scope %(scope)s.") % {"scope": str(self.scope)})
        if settings.SECOND_STEP_REQUIRED and lacks_second_step(found.user):
            raise ProblemError(403, _("The owner of this token has to add a second step to their login first."))
        token_used(found)
        request.user = found.user
        return found


class TokenThrottle(BaseThrottle):
    """So many requests of one token in each minute of the clock."""

    def allow_request(self, request: Any) -> bool:
        now = timezone.now().timestamp()
        key = f"api-{request.auth.pk}-{int(now // MINUTE_S)}"
        cache.add(key, 0, 2 * MINUTE_S)
        try:
            return cache.incr(key) <= settings.LIMITS.api_per_minute
        except ValueError:
            return True  # the cache was emptied between the two lines

    def wait(self) -> float:
        return MINUTE_S - timezone.now().timestamp() % MINUTE_S


KEY_PARAMETER: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Any text of yours. The same request again with the same key is done once.",
}
PROBLEM = {
    "description": "Why not, for people.",
    "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
}


def needs(scope: Scope | None = None, *, once: bool = False) -> dict[str, Any]:
    """What every operation says of itself: who gets in, and that in the schema as well."""
    extra: dict[str, Any] = {"x-scope": str(scope or ""), "responses": {"4XX": PROBLEM}}
    if once:
        extra["parameters"] = [KEY_PARAMETER]
    return {"auth": Bearer(scope), "openapi_extra": extra}


def for_token(scope: Scope) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """For a view that is no operation of the API (tus), and asks for a person who is logged in."""
    bearer, throttle = Bearer(scope), TokenThrottle()

    def decorated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: Any, *args: Any, **named: Any) -> HttpResponse:
            try:
                request.auth = bearer(request)
            except ProblemError as error:
                return problem(error.status_code, error.message)
            if request.auth is None:
                return problem(401, usual_text(401))
            if not throttle.allow_request(request):
                response = problem(429, usual_text(429))
                response["Retry-After"] = str(int(throttle.wait()) + 1)
                return response
            return view(request, *args, **named)

        return answered

    return decorated


def holds_token(scope: dict[str, Any]) -> bool:
    """For the ASGI door, which reads no large body of a stranger."""
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    kind, _space, secret = header.partition(" ")
    try:
        return kind.lower() == "bearer" and token_find(secret) is not None
    finally:
        connection.close()  # of this thread, which belongs to no request
