"""What the pages of a review share."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect

from runform.accounts.http import UserRequest
from runform.coaching.models import Review
from runform.coaching.selectors.reviews import checks_reviewable_by, reviews_visible_to
from runform.coaching.services.claims import ReviewError
from runform.reports.models import MetricResult
from runform.reports.selectors import reports_visible_to


def coachs_review(request: UserRequest, code: uuid.UUID) -> Review:
    """A review of an athlete whom this coach is assigned."""
    checks = checks_reviewable_by(request.user).values("pk")
    return get_object_or_404(reviews_visible_to(request.user).filter(form_check__in=checks), code=code)


def athletes_review(request: UserRequest, code: uuid.UUID) -> Review:
    """The athlete's own review."""
    return get_object_or_404(reviews_visible_to(request.user).filter(form_check__athlete=request.user), code=code)


def visible_metric(request: UserRequest, review: Review, sent: Any) -> MetricResult | None:
    """The metric that a form names as "<code of the report>:<key>"; None when it names nothing."""
    if not sent:
        return None
    code, _colon, key = str(sent).partition(":")
    try:
        report = uuid.UUID(code)
    except ValueError as error:
        raise Http404 from error
    reports = reports_visible_to(request.user).filter(clip__form_check=review.form_check_id)
    return get_object_or_404(MetricResult.objects.filter(report__in=reports), report__code=report, key=key)


def wants_json(request: UserRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def refused(request: UserRequest, review: Review, error: ReviewError, *, status: int = 409) -> HttpResponse:
    """Say what did not fit, in the form in which it was asked."""
    if wants_json(request):
        return JsonResponse({"error": str(error)}, status=status)
    messages.error(request, str(error))
    return redirect(review)
