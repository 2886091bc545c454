"""What every answer to a shared link has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from runform.core.media import holder_is
from runform.reports.sharing.links import find_shared

HOUR_S = 3600
View = Callable[..., HttpResponseBase]


def for_link_holders(view: View) -> View:
    """Hand the view what the link shows.  No search engine keeps it, no cache, and no other site learns the address.

    Whoever tries many wrong addresses is shut out for a while.
    """

    @wraps(view)
    def answered(request: HttpRequest, token: str, **named: Any) -> HttpResponseBase:
        visitor = f"share-misses-{get_adapter().get_client_ip(request)}"
        if cache.get(visitor, 0) >= settings.LIMITS.share_misses_per_hour:
            return _private(HttpResponse(status=429))
        shared = find_shared(token)
        if shared is None:
            cache.add(visitor, 0, HOUR_S)
            cache.incr(visitor)
            raise Http404
        holder_is(request, f"link {shared.link.code}")
        return _private(view(request, shared, **named))

    return answered


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
