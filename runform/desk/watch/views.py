import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from runform.accounts.http import UserRequest
from runform.clubs.selectors import clubs_managed_by
from runform.core.metrics import exposition
from runform.desk.watch.club import status_of
from runform.desk.watch.collector import AppCollector


@login_required
@require_safe
def club_status(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    return render(request, "desk/club_status.html", {"club": club, "status": status_of(club)})


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, which says the token; without one there is no such page."""
    token, said = settings.METRICS_TOKEN, request.headers.get("Authorization", "")
    if not token or not constant_time_compare(said, f"Bearer {token}"):
        raise Http404
    return HttpResponse(exposition(AppCollector()), content_type=CONTENT_TYPE_LATEST)
